#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy::parse {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, letters compared
/// without case (optimal string alignment). Texts longer than limits::name count as unlike: their distance is
/// the longer length.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// "; did you mean \"host\"?", or "" where none of the names is near.
std::string did_you_mean(std::string_view typed, std::span<std::string_view const> names);
std::string did_you_mean(std::string_view typed, std::vector<std::string> const& names);

} // namespace alert40::policy::parse
