#pragma once

#include <string_view>

namespace alert40::app {

/// Of the CMake project.
inline constexpr std::string_view version = ALERT40_VERSION;

} // namespace alert40::app
