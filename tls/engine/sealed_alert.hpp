#pragma once

#include "tls/alert.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// One alert record as a server of this connection would protect it, which OpenSSL lets nobody send: with
/// its cipher and its keys, as the `sequence`-th record under them. OpenSSL knows nothing of it: what it
/// would say next has the same number. Nothing where the cipher is no AES-GCM and no ChaCha20-Poly1305.
using SealedAlert = std::optional<std::vector<std::uint8_t>>;

/// TLS 1.3 (RFC 8446 section 5.2): `secret` is the traffic secret, of the handshake or of what follows it.
SealedAlert sealed_alert_13(SSL const* ssl, std::span<std::uint8_t const> secret, std::uint64_t sequence,
                            Alert const& alert);
/// TLS 1.2 (RFC 5246 section 6.3), once there are keys.
SealedAlert sealed_alert_12(SSL const* ssl, std::uint64_t sequence, Alert const& alert);

} // namespace alert40::tls::engine
