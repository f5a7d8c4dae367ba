#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace alert40::diagnose {

/// The files of configs/hellos/ as they were when this was built: name without ".hex", and text; sorted.
extern std::span<std::pair<std::string_view, std::string_view> const> const built_in_hellos;

} // namespace alert40::diagnose
