#pragma once

#include <filesystem>

namespace alert40::app {

/// $XDG_CONFIG_HOME/alert40/policy.toml, or under ~/.config. Empty without either.
std::filesystem::path users_policy_file();

/// $XDG_DATA_HOME/alert40, or under ~/.local/share: what was made once and stays. Throws CommandError without
/// either.
std::filesystem::path data_folder();
/// Makes it (0700) where it is missing. Throws CommandError.
void ensure_data_folder();
/// $HOME. Throws CommandError where it is not set.
std::filesystem::path home_folder();

/// $XDG_RUNTIME_DIR/alert40, or /tmp/alert40-UID.
std::filesystem::path runtime_folder();
/// Makes the folder where it is missing. Throws CommandError unless it is ours alone (0700): what lies in
/// /tmp might have been put there by somebody else.
void ensure_private_folder(std::filesystem::path const& folder);

} // namespace alert40::app
