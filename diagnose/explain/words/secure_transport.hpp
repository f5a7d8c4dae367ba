#pragma once

#include "diagnose/explain/words/openssl.hpp"

/// Apple: Secure Transport's codes, and what the URL loading system says.
namespace alert40::explain::words {

struct AppleError {
    std::string_view name; ///< folded
    std::int32_t number;
    Subject subject;
    Weight weight = W::plain;
};

inline constexpr auto apple_errors = std::to_array<AppleError>({
    {"errsslprotocol", -9800, T::bad_answer, W::vague},
    {"errsslnegotiation", -9801, T::no_common_suite},
    {"errsslfatalalert", -9802, T::unnamed_alert, W::vague},
    {"errsslclosedgraceful", -9805, T::closed, W::cut},
    {"errsslclosedabort", -9806, T::reset, W::cut},
    {"errsslxcertchaininvalid", -9807, T::certificate_rejected, W::vague},
    {"errsslbadcert", -9808, T::certificate_rejected, W::vague},
    {"errsslcrypto", -9809, T::bad_answer, W::vague},
    {"errsslinternal", -9810, T::handshake_failed, W::vague},
    {"errsslunknownrootcert", -9812, T::certificate_unknown_issuer},
    {"errsslnorootcert", -9813, T::certificate_issuer_missing},
    {"errsslcertexpired", -9814, T::certificate_expired},
    {"errsslcertnotyetvalid", -9815, T::certificate_not_yet_valid},
    {"errsslclosednonotify", -9816, T::closed, W::cut},
    {"errsslbadciphersuite", -9818, T::no_suite_enabled},
    {"errsslpeerunexpectedmsg", -9819, A::unexpected_message},
    {"errsslpeerbadrecordmac", -9820, A::bad_record_mac},
    {"errsslpeerdecryptionfail", -9821, A::decryption_failed},
    {"errsslpeerrecordoverflow", -9822, A::record_overflow},
    {"errsslpeerdecompressfail", -9823, A::decompression_failure},
    {"errsslpeerhandshakefail", -9824, A::handshake_failure},
    {"errsslpeerbadcert", -9825, A::bad_certificate},
    {"errsslpeerunsupportedcert", -9826, A::unsupported_certificate},
    {"errsslpeercertrevoked", -9827, A::certificate_revoked},
    {"errsslpeercertexpired", -9828, A::certificate_expired},
    {"errsslpeercertunknown", -9829, A::certificate_unknown},
    {"errsslillegalparam", -9830, A::illegal_parameter},
    {"errsslpeerunknownca", -9831, A::unknown_ca},
    {"errsslpeeraccessdenied", -9832, A::access_denied},
    {"errsslpeerdecodeerror", -9833, A::decode_error},
    {"errsslpeerdecrypterror", -9834, A::decrypt_error},
    {"errsslpeerexportrestriction", -9835, A::export_restriction},
    {"errsslpeerprotocolversion", -9836, A::protocol_version},
    {"errsslpeerinsufficientsecurity", -9837, A::insufficient_security},
    {"errsslpeerinternalerror", -9838, A::internal_error},
    {"errsslpeerusercancelled", -9839, A::user_canceled},
    {"errsslpeernorenegotiation", -9840, A::no_renegotiation},
    {"errsslhostnamemismatch", -9843, T::certificate_wrong_host},
    {"errsslconnectionrefused", -9844, T::closed_in_handshake, W::cut},
    {"errssldecryptionfail", -9845, T::bad_record},
    {"errsslbadrecordmac", -9846, T::bad_record},
    {"errsslrecordoverflow", -9847, T::not_tls, W::vague},
    {"errsslbadconfiguration", -9848, T::no_suite_enabled, W::vague},
    {"errsslunexpectedrecord", -9849, T::unexpected_message},
    {"errsslweakpeerephemeraldhkey", -9850, T::small_dh},
});

inline constexpr auto secure_transport = [] {
    constexpr auto more = std::to_array<Sign>({
        {"cfnetwork sslhandshake failed", T::handshake_failed, W::wrapped, Side::client},
        {"sslhandshake failed (", Read::apple, W::plain, Side::client},
        {"kcfstreamerrordomainssl, ", Read::apple, W::plain, Side::client},
        {"kcfstreamerrorcodekey=", Read::apple, W::plain, Side::client},
        {"tls handshake process: [", Read::apple, W::plain, Side::client},
        {"osstatus error ", Read::apple},
        {"osstatus ", Read::apple},
        {"nsurlerrordomain code= 1200", T::handshake_failed, W::vague, Side::client},
        {"nsurlerrordomain error 1200", T::handshake_failed, W::vague, Side::client},
        {"nsurlerrorsecureconnectionfailed", T::handshake_failed, W::vague, Side::client},
        {"an ssl error has occurred and a secure connection to the server cannot be made",
         T::handshake_failed, W::vague, Side::client},
        {"nsurlerrordomain code= 1201", T::certificate_dates, W::plain, Side::client},
        {"nsurlerrordomain code= 1202", T::certificate_unknown_issuer, W::vague, Side::client},
        {"nsurlerrordomain code= 1203", T::certificate_unknown_issuer, W::plain, Side::client},
        {"nsurlerrordomain code= 1204", T::certificate_not_yet_valid, W::plain, Side::client},
        {"nsurlerrordomain code= 1205", T::client_certificate_refused, W::plain, Side::client},
        {"nsurlerrordomain code= 1206", T::peer_without_certificate, W::plain, Side::client},
        {"the certificate for this server is invalid", T::certificate_rejected, W::vague, Side::client},
    });
    std::array<Sign, apple_errors.size() + more.size()> signs{};
    for (std::size_t i = 0; i < apple_errors.size(); ++i)
        signs[i] = {apple_errors[i].name, apple_errors[i].subject, apple_errors[i].weight};
    for (std::size_t i = 0; i < more.size(); ++i)
        signs[apple_errors.size() + i] = more[i];
    return signs;
}();

} // namespace alert40::explain::words
