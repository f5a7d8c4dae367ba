#pragma once

#include <string_view>

namespace alert40::app::doctor {

/// configs/apps.json, as it was when this was built.
extern std::string_view const built_in_apps_text;

} // namespace alert40::app::doctor
