#pragma once

#include <span>
#include <string_view>

namespace alert40::diagnose {

/// How a cause is mended at its root.
struct ServerMend {
    std::string_view cause;
    std::string_view where; ///< "nginx", "Apache", "a middlebox"
    std::string_view mend;  ///< what can be pasted stands in backticks
};

std::span<ServerMend const> server_mends();

} // namespace alert40::diagnose
