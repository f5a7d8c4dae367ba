#pragma once

#include "tls/version.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::tls {

/// What goes into the server_name extension (RFC 6066 section 3).
struct ServerName {
    enum class Mode : std::uint8_t { automatic, none, fixed };
    Mode mode = Mode::automatic; ///< automatic: the target's name; nothing for an address literal
    std::string name;            ///< for `fixed`

    bool operator==(ServerName const&) const = default;
};

/// How the ClientHello is cut on its way out.
struct SplitHello {
    enum class Mode : std::uint8_t { none, record, segment };
    Mode mode = Mode::none;
    std::uint16_t at =
        0; ///< bytes of the handshake message in the first record; bytes of the stream in the first segment

    bool operator==(SplitHello const&) const = default;
};

/// How strictly the origin's certificate is checked.
struct Verify {
    enum class Mode : std::uint8_t { full, none };
    Mode mode = Mode::full;
    std::string ca_file;            ///< replaces the system's store; empty: the store
    std::vector<std::string> names; ///< accepted instead of the target's; empty: the target's
    std::optional<std::chrono::system_clock::time_point> time; ///< check validity as of then

    bool operator==(Verify const&) const = default;
};

struct ClientCertificate {
    std::string cert; ///< PEM file: certificate and chain
    std::string key;  ///< PEM file; may be the same

    bool operator==(ClientCertificate const&) const = default;
};

/// What `Profile::ciphers` means when it is empty, as an OpenSSL string: forward secrecy and an AEAD (RFC
/// 9325 section 4.2), for versions up to 1.2.
inline constexpr std::string_view strong_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// What an upstream ClientHello offers, and how strictly the answer is checked. A value; names are IANA's
/// where IANA has them, and the parser has already turned other spellings into these.
struct Profile {
    std::string name;
    ProtocolVersion min_version = ProtocolVersion::tls1_2;
    ProtocolVersion max_version = ProtocolVersion::tls1_3;
    std::vector<std::string> alpn = {"h2", "http/1.1"}; ///< offered in order; empty leaves the extension out
    std::string ciphers; ///< OpenSSL string for versions up to 1.2; empty: the strong default
    std::vector<std::string> cipher_suites;        ///< TLS 1.3; empty: the library's
    std::vector<std::string> groups;               ///< empty: the default
    std::vector<std::string> signature_algorithms; ///< empty: the default
    ServerName server_name;
    int security_level = 2;
    bool legacy_renegotiation = false; ///< accept a server without RFC 5746
    bool resumption = true;
    bool tickets = true; ///< offer session tickets (RFC 5077); off makes the hello smaller
    SplitHello split_hello;
    Verify verify;
    std::optional<ClientCertificate> client_certificate;

    bool operator==(Profile const&) const = default;
};

/// modern, http1, no-alpn, small-hello, tls12, no-sni, legacy, mirror. In this order in docs and `check`.
std::span<Profile const> built_in_profiles();
Profile const* built_in_profile(std::string_view name);

} // namespace alert40::tls
