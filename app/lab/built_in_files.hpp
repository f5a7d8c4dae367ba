#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace alert40::app::lab {

/// The files of configs/lab/ as they were when this was built: name without ".toml", and text; sorted.
extern std::span<std::pair<std::string_view, std::string_view> const> const built_in_files;

} // namespace alert40::app::lab
