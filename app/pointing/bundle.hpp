#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::app::pointing {

/// Writes a file with every authority of `base` and the one in `pem`, whole or not at all; leaves it alone
/// where it says so already. The error is one line that names the file.
std::optional<std::string> refresh_bundle(std::filesystem::path const& base, std::string_view pem,
                                          std::filesystem::path const& bundle);

} // namespace alert40::app::pointing
