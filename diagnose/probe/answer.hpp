#pragma once

#include "tls/alert.hpp"
#include "tls/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alert40::diagnose {

/// What a ServerHello or a HelloRetryRequest chose. Numbers are IANA's.
struct ServerChoice {
    std::uint16_t version = 0;
    std::uint16_t cipher_suite = 0;
    std::optional<std::uint16_t>
        group;          ///< of the key share, or of ServerKeyExchange; the one that is asked for
    bool retry = false; ///< HelloRetryRequest: no more follows in this flight
    bool compression = false;
    bool session_id_echoed = false;      ///< one of ours that is not empty
    bool pre_shared_key = false;         ///< RFC 8446 section 4.2.11: it resumes
    bool extended_master_secret = false; ///< these as far as the ServerHello says them: up to TLS 1.2
    bool secure_renegotiation = false;   ///< RFC 5746
    bool session_ticket = false;         ///< it will give one
    bool downgrade_marked = false;       ///< its random says that it could do better (RFC 8446 section 4.1.3)
    std::vector<std::uint16_t> extensions; ///< in order, those of EncryptedExtensions behind

    bool operator==(ServerChoice const&) const = default;
};

/// What a server said to a hello: its first flight, as far as it came and could be read.
struct Answer {
    /// Where it ended short of its end. `by` is upstream; `local` where a bound of ours was met. Absent: it
    /// is whole, or as whole as can be seen (`hidden`).
    std::optional<tls::Failure> failure;
    std::vector<tls::Alert> alerts; ///< warnings too, in order; at most `most_alerts`
    std::optional<ServerChoice> choice;
    std::string alpn;                                    ///< printable; empty: none
    std::vector<std::vector<std::uint8_t>> certificates; ///< DER, leaf first; at most `most_certificates`
    std::optional<std::size_t> dh_bits;                  ///< of the prime of DHE
    std::optional<std::uint16_t> signature;              ///< scheme of ServerKeyExchange or CertificateVerify
    bool certificate_requested = false;
    bool stapled = false; ///< an OCSP answer came along
    bool whole = false;   ///< ServerHelloDone, Finished or HelloRetryRequest came
    /// From there on it is encrypted, and nobody here has the key: a group without a private half, a suite
    /// that is not known. What came first has the size of an alert, or not.
    bool hidden = false, hidden_alert = false;

    std::size_t bytes = 0, messages = 0;
    std::vector<std::uint8_t> start; ///< the first bytes, at most `most_start`

    static constexpr std::size_t most_alerts = 8, most_certificates = 16, most_start = 64;

    /// A server that answered with a hello of its own, and did not take it back.
    bool works() const { return choice && !failure && !hidden_alert; }
};

/// In a few words, equal for equal outcomes: "alert 40 handshake_failure", "connection reset", "TLS 1.2 with
/// TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".
std::string summary_of(Answer const& answer);

} // namespace alert40::diagnose
