#pragma once

#include "tls/version.hpp"

#include <string>
#include <vector>

namespace alert40::tls {

/// What a server lacks, or asks too much of. A value; what is empty or false limits nothing. Names are
/// IANA's.
struct ServerLimits {
    /// In any order. A client that offers the version of a hole sees a downgrade (RFC 8446 section 4.1.3).
    std::vector<ProtocolVersion> versions = {};
    std::string ciphers = {};                    ///< OpenSSL string for versions up to 1.2
    std::vector<std::string> cipher_suites = {}; ///< TLS 1.3
    std::vector<std::string> groups = {};
    bool require_client_certificate = false; ///< any will do; none is refused with 40, in TLS 1.3 with 116
    bool forgets_tickets = false;            ///< gives tickets, and declines each on resumption
    bool dh_1024 = false;                    ///< DHE with RSA on 1024 bits and nothing else, up to TLS 1.2
    /// Up to TLS 1.2, without RFC 5746. A client that does not mind fails at Finished.
    bool no_secure_renegotiation = false;

    bool operator==(ServerLimits const&) const = default;
};

} // namespace alert40::tls
