#pragma once

#include "tls/wire/extension.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace alert40::tls::wire {

/// RFC 8446 section 4.1.3; the same bytes in every version since SSL 3.0. Borrows what is a span.
struct ServerHello {
    std::uint16_t legacy_version = 0x0303;
    std::array<std::uint8_t, 32> random{};
    Bytes session_id;
    std::uint16_t cipher_suite = 0;
    std::uint8_t compression_method = 0;
    std::vector<Extension> extensions;

    /// The server asks for another ClientHello (RFC 8446 section 4.1.3: a random of its own).
    bool is_hello_retry_request() const;
    /// The version that was chosen: that of supported_versions, else the legacy one.
    std::uint16_t version() const;
    /// The group of the key share, or the one that a HelloRetryRequest asks for.
    std::optional<std::uint16_t> key_share_group() const;
};

/// Parses one ServerHello or HelloRetryRequest body. The result borrows from `body`.
Result<ServerHello> parse_server_hello(Bytes body);

/// Parses one EncryptedExtensions body (RFC 8446 section 4.3.1). The result borrows from `body`.
Result<std::vector<Extension>> parse_encrypted_extensions(Bytes body);

} // namespace alert40::tls::wire
