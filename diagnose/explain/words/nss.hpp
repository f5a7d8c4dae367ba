#pragma once

#include "diagnose/explain/words/openssl.hpp"

/// NSS (Firefox, Thunderbird, tstclnt, an older curl): a name, and behind it a number that counts from -12288
/// (SSL) and -8192 (SEC).
namespace alert40::explain::words {

/// Both spellings of one error.
struct NssError {
    std::string_view name; ///< folded
    std::int32_t number;
    Subject subject;
};

inline constexpr std::int32_t nss_ssl = -0x3000, nss_sec = -0x2000;

inline constexpr auto nss_errors = std::to_array<NssError>({
    {"ssl error no cypher overlap", nss_ssl + 2, T::no_overlap},
    {"ssl error bad certificate", nss_ssl + 4, T::certificate_rejected},
    {"ssl error bad server", nss_ssl + 7, T::bad_answer},
    {"ssl error unsupported version", nss_ssl + 9, T::no_common_version},
    {"ssl error bad cert domain", nss_ssl + 12, T::certificate_wrong_host},
    {"ssl error bad mac read", nss_ssl + 15, T::bad_record},
    {"ssl error bad mac alert", nss_ssl + 16, A::bad_record_mac},
    {"ssl error bad cert alert", nss_ssl + 17, A::bad_certificate},
    {"ssl error revoked cert alert", nss_ssl + 18, A::certificate_revoked},
    {"ssl error expired cert alert", nss_ssl + 19, A::certificate_expired},
    {"ssl error rx record too long", nss_ssl + 25, T::not_tls},
    {"ssl error rx malformed server hello", nss_ssl + 29, T::bad_answer},
    {"ssl error rx unexpected server hello", nss_ssl + 43, T::unexpected_message},
    {"ssl error rx unexpected handshake", nss_ssl + 53, T::unexpected_message},
    {"ssl error rx unexpected application data", nss_ssl + 54, T::unexpected_message},
    {"ssl error rx unknown record type", nss_ssl + 55, T::not_tls},
    {"ssl error rx unknown alert", nss_ssl + 57, T::unnamed_alert},
    {"ssl error close notify alert", nss_ssl + 58, A::close_notify},
    {"ssl error handshake unexpected alert", nss_ssl + 59, A::unexpected_message},
    {"ssl error decompression failure alert", nss_ssl + 60, A::decompression_failure},
    {"ssl error handshake failure alert", nss_ssl + 61, A::handshake_failure},
    {"ssl error illegal parameter alert", nss_ssl + 62, A::illegal_parameter},
    {"ssl error unsupported cert alert", nss_ssl + 63, A::unsupported_certificate},
    {"ssl error certificate unknown alert", nss_ssl + 64, A::certificate_unknown},
    {"ssl error decryption failed alert", nss_ssl + 91, A::decryption_failed},
    {"ssl error record overflow alert", nss_ssl + 92, A::record_overflow},
    {"ssl error unknown ca alert", nss_ssl + 93, A::unknown_ca},
    {"ssl error access denied alert", nss_ssl + 94, A::access_denied},
    {"ssl error decode error alert", nss_ssl + 95, A::decode_error},
    {"ssl error decrypt error alert", nss_ssl + 96, A::decrypt_error},
    {"ssl error export restriction alert", nss_ssl + 97, A::export_restriction},
    {"ssl error protocol version alert", nss_ssl + 98, A::protocol_version},
    {"ssl error insufficient security alert", nss_ssl + 99, A::insufficient_security},
    {"ssl error internal error alert", nss_ssl + 100, A::internal_error},
    {"ssl error user canceled alert", nss_ssl + 101, A::user_canceled},
    {"ssl error no renegotiation alert", nss_ssl + 102, A::no_renegotiation},
    {"ssl error unsupported extension alert", nss_ssl + 104, A::unsupported_extension},
    {"ssl error certificate unobtainable alert", nss_ssl + 105, A::certificate_unobtainable},
    {"ssl error unrecognized name alert", nss_ssl + 106, A::unrecognized_name},
    {"ssl error bad cert status response alert", nss_ssl + 107, A::bad_certificate_status_response},
    {"ssl error bad cert hash value alert", nss_ssl + 108, A::bad_certificate_hash_value},
    {"ssl error unsafe negotiation", nss_ssl + 113, T::no_secure_renegotiation},
    {"ssl error weak server ephemeral dh key", nss_ssl + 115, T::small_dh},
    {"ssl error invalid version range", nss_ssl + 120, T::no_version_enabled},
    {"ssl error incorrect signature algorithm", nss_ssl + 128, T::weak_signature},
    {"ssl error next protocol no protocol", nss_ssl + 130, A::no_application_protocol},
    {"ssl error inappropriate fallback alert", nss_ssl + 131, A::inappropriate_fallback},
    {"ssl error weak server cert key", nss_ssl + 132, T::certificate_too_weak},
    {"ssl error unsupported signature algorithm", nss_ssl + 135, T::weak_signature},
    {"ssl error missing extension alert", nss_ssl + 143, A::missing_extension},
    {"ssl error handshake failed", nss_ssl + 172, T::handshake_failed},
    {"ssl error rx certificate required alert", nss_ssl + 181, A::certificate_required},
    {"ssl error ech required alert", nss_ssl + 191, A::ech_required},
    {"sec error bad signature", nss_sec + 10, T::bad_answer},
    {"sec error expired certificate", nss_sec + 11, T::certificate_expired},
    {"sec error revoked certificate", nss_sec + 12, T::certificate_revoked},
    {"sec error unknown issuer", nss_sec + 13, T::certificate_issuer_missing},
    {"sec error untrusted issuer", nss_sec + 20, T::certificate_unknown_issuer},
    {"sec error untrusted cert", nss_sec + 21, T::certificate_unknown_issuer},
    {"sec error expired issuer certificate", nss_sec + 30, T::certificate_expired},
    {"sec error ca cert invalid", nss_sec + 36, T::certificate_constraints},
    {"sec error path len constraint invalid", nss_sec + 37, T::certificate_constraints},
    {"sec error inadequate key usage", nss_sec + 90, T::certificate_constraints},
    {"sec error cert signature algorithm disabled", nss_sec + 176, T::certificate_too_weak},
    {"mozilla pkix error self signed cert", -16370, T::certificate_self_signed},
    {"mozilla pkix error mitm detected", -16369, T::certificate_unknown_issuer},
    {"mozilla pkix error key pinning failure", -16384, T::certificate_rejected},
    {"mozilla pkix error ca cert used as end entity", -16383, T::certificate_constraints},
    {"mozilla pkix error inadequate key size", -16382, T::certificate_too_weak},
    {"mozilla pkix error not yet valid certificate", -16379, T::certificate_not_yet_valid},
    {"pr connect reset error", -5961, T::reset},
    {"pr end of file error", -5938, T::closed_in_handshake},
    {"pr connect refused error", -5981, T::refused},
    {"pr io timeout error", -5990, T::timeout},
});

inline constexpr auto nss = [] {
    std::array<Sign, nss_errors.size() + 3> signs{};
    for (std::size_t i = 0; i < nss_errors.size(); ++i)
        signs[i] = {nss_errors[i].name, nss_errors[i].subject};
    auto* more = signs.data() + nss_errors.size();
    *more++ = {"nss error ", Read::nss};
    *more++ = {"nspr error ", Read::nss};
    *more++ = {"error code: ", Read::nss};
    return signs;
}();

} // namespace alert40::explain::words
