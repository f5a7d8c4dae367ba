#pragma once

#include "app/trust/store.hpp"

namespace alert40::app::trust {

/// The store of this system, by the tool that changes it. Nothing: neither update-ca-certificates nor p11-kit
/// is there.
std::optional<Store> system_store();

/// Where the Debian tool looks for anchors of the machine's own.
std::string debian_file(Store const& store, std::string_view sha256);

/// The file with every authority that the system trusts, PEM. Empty: none was found.
std::string system_bundle();
/// Whether the certificate is in the bundle, however its lines are broken.
bool bundle_holds(std::string const& bundle_file, std::string_view pem);

} // namespace alert40::app::trust
