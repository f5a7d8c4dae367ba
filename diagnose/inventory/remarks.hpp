#pragma once

#include "diagnose/inventory/inventory.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alert40::diagnose {

/// One thing about a server that somebody should know.
struct Remark {
    enum class Kind : std::uint8_t { weak, missing, unavailable };
    Kind kind = Kind::weak; ///< unavailable: the server takes it, but this build cannot do it
    std::string sentence;

    bool operator==(Remark const&) const = default;
};

std::string_view name_of(Remark::Kind kind); ///< "weak"

/// The weak first, then what is missing.
std::vector<Remark> remarks_of(Inventory const& inventory);

} // namespace alert40::diagnose
