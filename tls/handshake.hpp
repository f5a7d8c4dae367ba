#pragma once

#include "tls/failure.hpp"
#include "tls/version.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alert40::tls {

/// What a ClientHello offered, read from its bytes. Names are IANA's; a code without a name is "0x1234",
/// GREASE (RFC 8701) is "GREASE".
struct Offered {
    std::vector<std::string> versions;
    std::vector<std::string> cipher_suites;
    std::vector<std::string> groups;
    std::vector<std::string> signature_algorithms;
    std::vector<std::string> alpn;
    std::string server_name; ///< empty: no extension
    std::size_t bytes = 0;   ///< size on the wire, record headers included
    std::string ja3;         ///< MD5, hex
    std::string ja4;
    bool scsv = false;       ///< TLS_FALLBACK_SCSV was among the suites (RFC 7507)
    bool resumption = false; ///< a session id with a ticket, or a pre-shared key, was offered

    bool operator==(Offered const&) const = default;
};

/// What the answer chose, as far as it was seen; also of a handshake that failed later.
struct Negotiated {
    std::string version;
    std::string cipher_suite;
    std::string group;
    std::string alpn;
    bool resumed = false;
    bool no_secure_renegotiation = false; ///< before TLS 1.3, without RFC 5746's extension
    std::string ja3s;

    bool operator==(Negotiated const&) const = default;
};

struct CertificateSummary {
    std::string subject;
    std::string issuer;
    std::vector<std::string> names; ///< subjectAltName: DNS names and addresses
    std::string not_before;         ///< RFC 3339, UTC
    std::string not_after;
    std::string key;       ///< "EC P-256", "RSA 2048"
    std::string signature; ///< "ecdsa-with-SHA256"

    bool operator==(CertificateSummary const&) const = default;
};

/// Everything that the bytes of one handshake said.
struct Handshake {
    std::optional<Offered> offered;
    std::optional<Negotiated> negotiated;
    std::vector<CertificateSummary> certificates;
    std::vector<Alert> alerts; ///< each alert seen before and in the failure, in order; close_notify left out
    bool certificate_requested = false;

    bool operator==(Handshake const&) const = default;
};

} // namespace alert40::tls
