#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::app::pointing {

/// The text of a file with authorities. Nothing: it cannot be read, or is too large.
std::optional<std::string> read_authorities(std::filesystem::path const& file);

/// Writes a file with every authority of `base` and the one in `pem`, whole or not at all; leaves it alone
/// where it says so already. The error is one line that names the file.
std::optional<std::string> refresh_bundle(std::filesystem::path const& base, std::string_view pem,
                                          std::filesystem::path const& bundle);

/// Of the bundles in `folder` only the `kept` that were used last stay; `now_used` is one of them.
void remove_old_bundles(std::filesystem::path const& now_used, std::string_view prefix, std::size_t kept);

} // namespace alert40::app::pointing
