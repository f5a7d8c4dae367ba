#pragma once

#include <string_view>

namespace alert40::diagnose {

/// Who asks: an origin's log should tell.
inline constexpr std::string_view user_agent = "alert40 diagnose";

} // namespace alert40::diagnose
