#pragma once

#include "tls/fingerprint/digests.hpp"
#include "tls/wire/client_hello.hpp"

#include <cstdint>
#include <string>

namespace alert40::tls::fingerprint {

/// What carries the hello.
enum class Transport : std::uint8_t { tcp, quic };

/// JA4 (https://github.com/FoxIO-LLC/ja4, TLS client): "t13d1516h2_8daaf6152771_b0da82dd1658". A description
/// that can be read, then twelve digits each of the SHA-256 of the sorted suites, and of the sorted
/// extensions with the signature algorithms.
std::string ja4(wire::ClientHello const& hello, Digests const& digests, Transport transport = Transport::tcp);

/// The same before hashing (JA4_r), for a person to compare.
std::string ja4_text(wire::ClientHello const& hello, Transport transport = Transport::tcp);

} // namespace alert40::tls::fingerprint
