#pragma once

#include "tls/alert.hpp"

#include <cstdint>

/// What an error text speaks of, whoever's words they are: the same failure has the same subject in each
/// library's words.
namespace alert40::explain {

/// What fails without an alert or an HTTP/2 error code of its own. Each has a row in meanings/.
enum class Trouble : std::uint8_t {
    // the certificate, as this side judged it
    certificate_expired,
    certificate_not_yet_valid,
    certificate_dates, ///< one of the two above
    certificate_wrong_host,
    certificate_self_signed,
    certificate_unknown_issuer,
    certificate_issuer_missing, ///< not sent, or not known
    certificate_revoked,
    revocation_unknown,
    certificate_too_weak,
    certificate_constraints,
    certificate_rejected, ///< for a reason that is not said
    authorities_unreadable,
    own_certificate_unusable,
    peer_without_certificate,
    client_certificate_refused, ///< by the server, with one of several alerts
    // the handshake, as this side judged it
    not_tls,
    plain_http_on_tls_port,
    small_dh,
    weak_signature,
    no_secure_renegotiation,
    no_common_version,
    no_version_enabled,
    no_common_suite,
    no_suite_enabled,
    no_common_group,
    no_common_signature,
    no_common_alpn,
    alpn_not_offered,
    http2_not_agreed,
    bad_answer,
    unexpected_message,
    bad_record,
    renegotiation_refused,
    fallback_detected,
    weak_for_http2,
    // what hides the failure
    version_or_cipher, ///< alert 40, 70 or 71
    no_overlap,        ///< NSS: alert 40, or found here
    unnamed_alert,
    handshake_failed,
    // the connection
    closed_in_handshake,
    closed,
    reset,
    handshake_timeout,
    timeout,
    refused,
    unreachable,
    name_not_resolved,
    proxy_failed,
    // above TLS
    http2_broken,
    other_http_version,
    body_cut,
    http_status,
    call_failed, ///< an RPC status that says nothing of the reason
    no_tls_failure,
};

/// RFC 9113 section 7.
struct Http2Error {
    std::uint32_t code = 0;

    bool operator==(Http2Error const&) const = default;
};

/// An alert, an HTTP/2 error code, or a trouble.
class Subject {
  public:
    enum class Kind : std::uint8_t { alert, http2, trouble };

    constexpr Subject(tls::AlertDescription alert)
        : kind_{Kind::alert}
        , number_{static_cast<std::uint32_t>(alert)} {}

    constexpr Subject(Http2Error error)
        : kind_{Kind::http2}
        , number_{error.code} {}

    constexpr Subject(Trouble trouble)
        : kind_{Kind::trouble}
        , number_{static_cast<std::uint32_t>(trouble)} {}

    constexpr Kind kind() const { return kind_; }

    constexpr bool is_alert() const { return kind_ == Kind::alert; }

    constexpr bool is_http2() const { return kind_ == Kind::http2; }

    /// Of an alert.
    constexpr tls::AlertDescription alert() const { return static_cast<tls::AlertDescription>(number_); }

    constexpr std::uint32_t number() const { return number_; }

    constexpr bool operator==(Subject const&) const = default;

  private:
    Kind kind_;
    std::uint32_t number_;
};

} // namespace alert40::explain
