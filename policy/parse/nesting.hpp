#pragma once

#include "policy/parse/position.hpp"

#include <optional>
#include <string_view>

namespace alert40::policy::parse {

/// Where a TOML text first nests deeper than limits::nesting: brackets in brackets, or dots in one line (a
/// key such as a.b.c is tables in tables). Strings and comments do not count. Asked before the real parser,
/// which recurses.
std::optional<Position> too_deep(std::string_view text);

} // namespace alert40::policy::parse
