#include "tls/engine/refusal.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <span>

namespace alert40::tls::engine {
namespace {

struct Reason {
    int number;
    FailureKind kind;
    char const* text;
};

/// Refusals of our own whose alert alone would mislead, with what a person should read.
constexpr std::array client_reasons = {
    Reason{SSL_R_DH_KEY_TOO_SMALL, FailureKind::library,
           "the server's DH key is too small for our security level"},
    Reason{SSL_R_EE_KEY_TOO_SMALL, FailureKind::library,
           "the certificate's key is too small for our security level"},
    Reason{SSL_R_CA_KEY_TOO_SMALL, FailureKind::library,
           "an issuer's key is too small for our security level"},
    Reason{SSL_R_CA_MD_TOO_WEAK, FailureKind::library,
           "a certificate's digest is too weak for our security level"},
    Reason{SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, FailureKind::library,
           "the server lacks secure renegotiation (RFC 5746)"},
    Reason{SSL_R_WRONG_SIGNATURE_TYPE, FailureKind::library,
           "the server signed with an algorithm that we did not offer, or that our security level forbids"},
    Reason{SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, FailureKind::library, "no usable signature algorithm"},
    Reason{SSL_R_UNSUPPORTED_PROTOCOL, FailureKind::library,
           "the server chose a version that we did not offer"},
    Reason{SSL_R_WRONG_SSL_VERSION, FailureKind::library, "the server chose a version that we did not offer"},
    Reason{SSL_R_VERSION_TOO_LOW, FailureKind::library, "the server chose a version that we did not offer"},
    Reason{SSL_R_NO_PROTOCOLS_AVAILABLE, FailureKind::library, "no version is left to offer"},
    Reason{SSL_R_NO_CIPHERS_AVAILABLE, FailureKind::library, "no cipher suite is left to offer"},
};

constexpr std::array server_reasons = {
    Reason{SSL_R_NO_SHARED_CIPHER, FailureKind::library,
           "the app offers no cipher suite that we have and that goes with our certificate"},
    Reason{SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, FailureKind::library,
           "the app takes no signature that our certificate's key can make"},
    Reason{SSL_R_NO_SUITABLE_KEY_SHARE, FailureKind::library, "the app offers no group that we have"},
    Reason{SSL_R_UNSUPPORTED_PROTOCOL, FailureKind::library, "the app offers no version that we have"},
    Reason{SSL_R_VERSION_TOO_LOW, FailureKind::library, "the app offers no version that we have"},
    Reason{SSL_R_INAPPROPRIATE_FALLBACK, FailureKind::library,
           "the app fell back to a lower version than both sides can do (RFC 7507)"},
    Reason{SSL_R_NO_APPLICATION_PROTOCOL, FailureKind::library, "the app offers no protocol that we have"},
    Reason{SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, FailureKind::library, "the app shows no certificate"},
};

std::span<Reason const> reasons_of(End end) {
    return end == End::client ? std::span<Reason const>(client_reasons) : server_reasons;
}

/// An alert of ours says that the peer broke the protocol.
constexpr std::array protocol_errors = {
    AlertDescription::unexpected_message, AlertDescription::bad_record_mac,
    AlertDescription::record_overflow,    AlertDescription::illegal_parameter,
    AlertDescription::decode_error,       AlertDescription::decrypt_error,
    AlertDescription::missing_extension,  AlertDescription::unsupported_extension,
};

bool is_received(Evidence const& evidence) {
    return evidence.alert && evidence.alert->direction == Direction::received &&
           ERR_GET_LIB(evidence.error) == ERR_LIB_SSL &&
           ERR_GET_REASON(evidence.error) ==
               SSL_AD_REASON_OFFSET + static_cast<int>(evidence.alert->description);
}

std::string text_of(unsigned long error) {
    auto const* const text = ERR_reason_error_string(error);
    return text ? text : "OpenSSL gave up without a reason";
}

Failure refused_by_peer(Evidence const& evidence) {
    auto const& alert = *evidence.alert;
    auto const number = std::to_string(static_cast<unsigned>(alert.description));
    return {peer_of(evidence.end), evidence.phase, FailureKind::alert, alert,
            std::string(name_of_peer(evidence.end)) + " sent alert " + number + ", " +
                std::string(name_of(alert.description))};
}

} // namespace

By peer_of(End end) {
    return end == End::client ? By::upstream : By::downstream;
}

std::string_view name_of_peer(End end) {
    return end == End::client ? "the server" : "the app";
}

Failure refusal(Evidence const& evidence) {
    if (is_received(evidence)) return refused_by_peer(evidence);

    auto sent = evidence.alert;
    if (sent && sent->direction != Direction::sent) sent.reset();
    Failure failure{By::local, evidence.phase, FailureKind::library, sent, text_of(evidence.error)};
    auto const reason = ERR_GET_LIB(evidence.error) == ERR_LIB_SSL ? ERR_GET_REASON(evidence.error) : 0;
    auto const reasons = reasons_of(evidence.end);
    if (auto const known = std::ranges::find(reasons, reason, &Reason::number); known != reasons.end()) {
        failure.kind = known->kind;
        failure.detail = known->text;
    } else if (sent && std::ranges::find(protocol_errors, sent->description) != protocol_errors.end()) {
        failure.kind = FailureKind::malformed;
    }
    return failure;
}

} // namespace alert40::tls::engine
