#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy {

/// Which requests are meant: each list that is not empty has to have one that fits.
struct RequestMatch {
    std::vector<std::string> methods; ///< "POST"
    std::vector<std::string> paths;   ///< "/v1/chat", "/v1/*": "*" stands for anything, "/" included

    bool operator==(RequestMatch const&) const = default;

    /// `path`: with its query, which does not count.
    bool matches(std::string_view method, std::string_view path) const;
};

} // namespace alert40::policy
