#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// https://www.iana.org/assignments/tls-parameters and tls-extensiontype-values, as tables.
namespace alert40::tls::wire::iana {

struct Row {
    std::uint16_t code;
    std::string_view name;
};

/// Sorted by code.
using Registry = std::span<Row const>;

Registry cipher_suites();     ///< "TLS_AES_128_GCM_SHA256"
Registry named_groups();      ///< "x25519", "secp256r1"
Registry signature_schemes(); ///< "ecdsa_secp256r1_sha256"; the pairs of TLS 1.2 that have no name there as
                              ///< "sha224_rsa"
Registry extension_types();   ///< "server_name"
std::span<std::string_view const> alpn_protocols(); ///< "h2", "http/1.1"

/// Empty where the registry has no such row.
std::string_view name_of(Registry registry, std::uint16_t code);
std::optional<std::uint16_t> code_of(Registry registry, std::string_view name);

/// 0x0a0a, 0x1a1a .. 0xfafa (RFC 8701).
constexpr bool is_grease(std::uint16_t code) {
    return (code & 0x0f0f) == 0x0a0a && code >> 8 == (code & 0xff);
}

/// The name, "GREASE", or "0x1234".
std::string spelled(Registry registry, std::uint16_t code);

inline constexpr std::uint16_t empty_renegotiation_info_scsv = 0x00ff; ///< RFC 5746
inline constexpr std::uint16_t fallback_scsv = 0x5600;                 ///< RFC 7507

} // namespace alert40::tls::wire::iana
