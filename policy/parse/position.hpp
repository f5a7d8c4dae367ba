#pragma once

#include <compare>
#include <cstddef>

namespace alert40::policy::parse {

/// A place in the text, counted from 1; columns count characters. Line 0: no place.
struct Position {
    std::size_t line = 0;
    std::size_t column = 0;

    auto operator<=>(Position const&) const = default;
};

} // namespace alert40::policy::parse
