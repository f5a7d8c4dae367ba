#pragma once

#include "tls/fingerprint/digests.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/server_hello.hpp"

#include <string>

namespace alert40::tls::fingerprint {

/// JA3 (https://github.com/salesforce/ja3): "version,suites,extensions,groups,point formats" in decimal, in
/// the order of the wire, GREASE left out: "771,4865-4866,0-23-65281,29-23,0".
std::string ja3_text(wire::ClientHello const& hello);
/// "version,suite,extensions" of the answer.
std::string ja3s_text(wire::ServerHello const& answer);

/// Their MD5.
std::string ja3(wire::ClientHello const& hello, Digests const& digests);
std::string ja3s(wire::ServerHello const& answer, Digests const& digests);

} // namespace alert40::tls::fingerprint
