#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace alert40::app::pointing {

/// Java's own store of authorities: of JAVA_HOME, of the `java` in PATH, or Debian's. Empty: none was found.
std::filesystem::path java_authorities();

/// Makes `store` a copy of `base` with the certificate in `authority` (PEM) added by keytool; the password is
/// Java's own, "changeit". Leaves it alone where it is newer than both. The error is one line.
std::optional<std::string> refresh_java_store(std::filesystem::path const& base,
                                              std::filesystem::path const& authority,
                                              std::filesystem::path const& store);

} // namespace alert40::app::pointing
