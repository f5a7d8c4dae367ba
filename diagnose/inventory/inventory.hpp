#pragma once

#include "tls/handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alert40::diagnose {

/// Whose order counts where both sides know several.
enum class Decides : std::uint8_t { unknown, server, client };

/// What a server takes of one kind. Numbers are IANA's.
struct Accepted {
    std::vector<std::uint16_t> codes; ///< in the server's order; in ours where the client decides
    Decides decides = Decides::unknown;

    bool operator==(Accepted const&) const = default;
};

/// One version that a server speaks, and what it takes in it. Groups and signature algorithms are asked for
/// in TLS 1.3 and in the highest version before it.
struct SpokenVersion {
    std::uint16_t version = 0;
    Accepted cipher_suites;
    Accepted groups;
    Accepted signature_algorithms; ///< that it signs a handshake with

    bool operator==(SpokenVersion const&) const = default;
};

/// Certificates as a server sends them, leaf first.
struct Chain {
    std::vector<tls::CertificateSummary> certificates;
    std::vector<std::string> flaws; ///< as far as the chain shows them: "expired on 2020-01-01T00:00:00Z"

    bool operator==(Chain const&) const = default;
};

/// What a server does with a protocol that nobody knows (RFC 7301 section 3.2 wants alert 120).
enum class UnknownProtocol : std::uint8_t { unknown, refused, passed_over, answered };

/// What a server speaks. What was not found out is absent or empty.
struct Inventory {
    std::vector<SpokenVersion> versions; ///< highest first
    std::string refusal;           ///< how it answered where it speaks none: "alert 40 handshake_failure"
    bool wavers = false;           ///< the same hello was refused and taken: lists may lack something
    std::vector<std::string> alpn; ///< protocols that it takes, its favourite first
    Decides alpn_decides = Decides::unknown;
    UnknownProtocol unknown_protocol = UnknownProtocol::unknown;

    std::optional<std::size_t> dh_bits;         ///< of the prime of DHE up to TLS 1.2
    std::optional<bool> secure_renegotiation;   ///< RFC 5746; this and the next three up to TLS 1.2
    std::optional<bool> extended_master_secret; ///< RFC 7627
    std::optional<bool> compression;            ///< RFC 3749
    std::optional<bool> tickets;                ///< RFC 5077: it says that it will give one
    std::optional<bool> fallback_scsv;          ///< RFC 7507: refuses a version below its best with alert 86
    std::optional<bool> downgrade_marked;       ///< RFC 8446 section 4.1.3; of one that speaks TLS 1.3
    std::optional<bool> stapled;                ///< OCSP (RFC 6066 section 8)
    bool certificate_requested = false;         ///< of the client

    std::optional<bool> resumes_session_id, resumes_ticket; ///< up to TLS 1.2
    std::optional<bool> resumes_psk;                        ///< TLS 1.3

    std::vector<Chain> chains; ///< as many different ones as were seen, at most `most_chains`
    std::string not_trusted; ///< why a client of this machine does not accept it; empty: it does, or unknown

    /// What this build of alert40 cannot do itself, of what the server takes: "SSL 3.0", "X25519MLKEM768".
    std::vector<std::string> unavailable;

    std::size_t handshakes = 0;
    std::string stopped; ///< why it is not complete; empty: it is

    static constexpr std::size_t most_chains = 4;

    bool operator==(Inventory const&) const = default;
};

/// Null: it does not speak that version.
inline SpokenVersion const* find_version(Inventory const& inventory, std::uint16_t version) {
    for (auto const& one : inventory.versions)
        if (one.version == version) return &one;
    return nullptr;
}

} // namespace alert40::diagnose
