#pragma once

#include <span>
#include <string_view>

namespace alert40::diagnose {

/// How one app or library makes one change by itself. What can be pasted stands in backticks.
struct AppSetting {
    std::string_view change; ///< name of the Change
    std::string_view app;
    std::string_view setting; ///< with the blanks {host} and {url}
};

/// In the order in which they are told.
std::span<AppSetting const> app_settings();

} // namespace alert40::diagnose
