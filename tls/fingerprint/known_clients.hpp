#pragma once

#include "tls/wire/client_hello.hpp"

#include <string_view>

namespace alert40::tls::fingerprint {

/// Which app or library a hello looks like, in a few words: "Chromium or Electron (BoringSSL)", "curl
/// (OpenSSL 3)", "Python (OpenSSL 3)", "Go", "Firefox (NSS)", "Java", "GnuTLS", "Node.js (OpenSSL 3)"; empty
/// when it is like none. Told by what changes slowly (GREASE, order and presence of extensions, suites), by
/// one table.
std::string_view looks_like(wire::ClientHello const& hello);

} // namespace alert40::tls::fingerprint
