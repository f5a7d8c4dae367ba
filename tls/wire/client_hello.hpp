#pragma once

#include "tls/wire/extension.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace alert40::tls::wire {

/// RFC 8446 section 4.1.2; the same bytes in every version since SSL 3.0. Borrows what is a span.
struct ClientHello {
    std::uint16_t legacy_version = 0x0303;
    std::array<std::uint8_t, 32> random{};
    Bytes session_id;
    std::vector<std::uint16_t> cipher_suites;
    Bytes compression_methods;
    std::vector<Extension> extensions; ///< in order; unknown ones verbatim
};

/// Parses one ClientHello body (without the 4-byte handshake header). The result borrows from `body`.
Result<ClientHello> parse_client_hello(Bytes body);

/// The inverse. A hello without extensions is written without their length, as RFC 5246 section 7.4.1.2
/// allows.
std::vector<std::uint8_t> write_client_hello(ClientHello const& hello);

} // namespace alert40::tls::wire
