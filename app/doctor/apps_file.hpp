#pragma once

#include "app/doctor/apps.hpp"

#include <filesystem>
#include <stdexcept>

namespace alert40::app::doctor {

/// A wrong file of apps: one line, what is wrong and the nearest thing that would be right.
class WrongApps : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// {"cursor": {"title": "Cursor", "pointed_by": "cursor", "settings": [...], "hosts": [...], ...}, ...}, with
/// comments and trailing commas. Every key of an app may be left out; docs/clients.md says what they mean.
/// Throws WrongApps.
Apps parse_apps(std::string_view text);
/// The same for a file; none where there is none. WrongApps names the file.
Apps read_apps(std::filesystem::path const& file);

} // namespace alert40::app::doctor
