#pragma once

#include "diagnose/hello/hello.hpp"

#include <string>
#include <vector>

namespace alert40::diagnose {

inline constexpr std::uint16_t first_post_quantum_group = 0x0200; ///< MLKEM512, and hybrids behind it

/// What a hello that is made for a question says; each extension in the order of these fields, and only where
/// its field is not empty or true. The defaults are what most servers of today take.
///
///     PlainHello question{.server_name = "example.com"};
///     question.cipher_suites = {0x0005}; // TLS_RSA_WITH_RC4_128_SHA
///     question.versions = {0x0303};
struct PlainHello {
    std::vector<std::uint16_t> versions{0x0304, 0x0303}; ///< highest first; supported_versions only with 1.3
    std::vector<std::uint16_t> cipher_suites = modern_suites();
    std::string server_name{};
    bool extended_master_secret = true;
    bool renegotiation_info = true; ///< RFC 5746
    std::vector<std::uint16_t> groups{0x001d, 0x0017, 0x0018};
    bool session_ticket = true; ///< an empty one: the server may give one
    std::vector<std::string> alpn{};
    bool status_request = false; ///< OCSP (RFC 6066 section 8)
    std::vector<std::uint16_t> signature_algorithms = modern_signature_algorithms();
    std::vector<std::uint16_t> key_shares{
        0x001d};                ///< groups; X25519MLKEM768 and elliptic curves, others are left out
    bool fallback_scsv = false; ///< RFC 7507
    bool deflate = false;       ///< offers compression (RFC 3749), before none
    std::size_t pad_to = 0;     ///< bytes on the wire

    static std::vector<std::uint16_t> modern_suites(); ///< forward secrecy and an AEAD
    static std::vector<std::uint16_t> modern_signature_algorithms();
    /// What servers of other times took: CBC, static RSA, 3DES, RC4, DHE; nothing without encryption.
    static std::vector<std::uint16_t> all_suites();
    /// All that have a name and encrypt and authenticate by certificate, for servers that nobody expects.
    static std::vector<std::uint16_t> every_suite();
    static std::vector<std::uint16_t> every_group(); ///< before post-quantum ones
    /// With SHA-1.
    static std::vector<std::uint16_t> all_signature_algorithms();

    bool operator==(PlainHello const&) const = default;
};

/// Random, session id and key shares are zeros: `freshened` makes them real. SSL 3.0 has no extensions.
Hello built(PlainHello const& plain);

} // namespace alert40::diagnose
