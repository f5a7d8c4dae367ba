#pragma once

#include "diagnose/explain/words/sign.hpp"

#include <array>

/// OpenSSL 1.0 to 3.x and BoringSSL. Both write `error:CODE:...`, and most of their reasons alike. A reason
/// of 1000 and more is an alert that the peer sent, any other is this side's own finding.
namespace alert40::explain::words {

using T = Trouble;
using A = tls::AlertDescription;
using W = Weight;
using P = tls::Phase;

inline constexpr auto openssl = std::to_array<Sign>({
    {"error:", Read::packed},
    {"ssl alert number ", Read::alert_number},
    {"sslv3 alert ", Read::alert_name},
    {"tlsv1 alert ", Read::alert_name},
    {"tlsv13 alert ", Read::alert_name},
    {"ssl/tls alert ", Read::alert_name},
    {"tlsv1 ", Read::alert_name}, // "tlsv1 unrecognized name"
    {"certificate verify failed", T::certificate_rejected, W::vague, Side::unknown, P::certificate},
    {"wrong version number", T::not_tls, W::plain, Side::unknown, P::client_hello},
    {"packet length too long", T::not_tls},
    {"record layer failure", T::handshake_failed, W::wrapped},
    {"unknown protocol", T::not_tls, W::vague},
    {"http request", T::plain_http_on_tls_port, W::vague, Side::server},
    {"https proxy request", T::plain_http_on_tls_port, W::vague, Side::server},
    {"dh key too small", T::small_dh, W::plain, Side::client, P::server_hello},
    {"bad dh p length", T::small_dh, W::plain, Side::client, P::server_hello},
    {"unsafe legacy renegotiation disabled", T::no_secure_renegotiation, W::plain, Side::unknown,
     P::server_hello},
    {"legacy sigalg disallowed or unsupported", T::weak_signature},
    {"wrong signature type", T::weak_signature},
    {"ca md too weak", T::certificate_too_weak},
    {"ee key too small", T::certificate_too_weak},
    {"ca key too small", T::certificate_too_weak},
    {"unsupported protocol", T::no_common_version, W::vague},
    {"version too low", T::no_common_version},
    {"no protocols available", T::no_version_enabled},
    {"no supported versions enabled", T::no_version_enabled},
    {"no ciphers available", T::no_suite_enabled},
    {"no cipher match", T::no_suite_enabled},
    {"no shared cipher", T::no_common_suite, W::plain, Side::server, P::client_hello},
    {"no suitable key share", T::no_common_group, W::plain, Side::server, P::client_hello},
    {"no suitable groups", T::no_common_group},
    {"no shared group", T::no_common_group, W::plain, Side::server, P::client_hello},
    {"no suitable signature algorithm", T::no_common_signature},
    {"no shared signature algorithms", T::no_common_signature},
    {"no common signature algorithms", T::no_common_signature},
    {"wrong curve", T::no_common_group},
    {"ssl routines:tls handle alpn:no application protocol", T::no_common_alpn, W::plain, Side::server,
     P::client_hello},
    {"invalid alpn protocol", T::alpn_not_offered, W::plain, Side::client, P::server_hello},
    {"bad extension", T::bad_answer, W::vague},
    {"unsolicited extension", T::bad_answer, W::vague},
    {"length mismatch", T::bad_answer, W::vague},
    {"error parsing extension", T::bad_answer, W::vague},
    {"excessive message size", T::bad_answer, W::vague},
    {"bad signature", T::bad_answer, W::vague},
    {"bad key share", T::bad_answer, W::vague},
    {"openssl internal:unexpected message", T::unexpected_message},
    {":unexpected message", T::unexpected_message, W::vague},
    {"decryption failed or bad record mac", T::bad_record},
    {"digest check failed", T::bad_record},
    {"peer did not return a certificate", T::peer_without_certificate, W::plain, Side::server,
     P::client_certificate},
    {"key values mismatch", T::own_certificate_unusable},
    {"private key mismatch", T::own_certificate_unusable},
    {"no renegotiation", T::renegotiation_refused, W::vague},
    {"inappropriate fallback", T::fallback_detected, W::vague},
    {"handshake failure on client hello", A::handshake_failure, W::plain, Side::client, P::client_hello},
    {"tls13 downgrade", T::bad_answer},
    {"unexpected eof while reading", T::closed, W::cut},
    {"ssl error syscall", T::closed_in_handshake, W::cut},
    {"ssl handshake failure", T::handshake_failed, W::wrapped},
    {"handshake has read 7 bytes", T::handshake_failed, W::wrapped, Side::client, P::client_hello},
    {"ssl connect error", T::handshake_failed, W::wrapped, Side::client},
    aside("ssl connect", Side::client),
    aside("ssl accept", Side::server),
    // X509_verify_cert_error_string, in the words of OpenSSL 1 and 3
    {"certificate has expired", T::certificate_expired, W::plain, Side::unknown, P::certificate},
    {"certificate is not yet valid", T::certificate_not_yet_valid, W::plain, Side::unknown, P::certificate},
    {"self signed certificate", T::certificate_self_signed, W::plain, Side::unknown, P::certificate},
    {"self signed certificate in certificate chain", T::certificate_unknown_issuer, W::plain, Side::unknown,
     P::certificate},
    {"unable to get local issuer certificate", T::certificate_issuer_missing, W::plain, Side::unknown,
     P::certificate},
    {"unable to get issuer certificate", T::certificate_issuer_missing, W::plain, Side::unknown,
     P::certificate},
    {"unable to verify the first certificate", T::certificate_issuer_missing, W::plain, Side::unknown,
     P::certificate},
    {"certificate not trusted", T::certificate_unknown_issuer, W::plain, Side::unknown, P::certificate},
    {"certificate revoked", T::certificate_revoked, W::vague, Side::unknown, P::certificate},
    {"unable to get certificate crl", T::revocation_unknown},
    {"certificate chain too long", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"path length constraint exceeded", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"invalid ca certificate", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"permitted subtree violation", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"unsupported certificate purpose", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"unsuitable certificate purpose", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"missing authority key identifier", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"ca signature digest algorithm too weak", T::certificate_too_weak, W::plain, Side::unknown,
     P::certificate},
    {"ee certificate key too weak", T::certificate_too_weak, W::plain, Side::unknown, P::certificate},
    {"ca certificate key too weak", T::certificate_too_weak, W::plain, Side::unknown, P::certificate},
    {"hostname mismatch", T::certificate_wrong_host, W::plain, Side::unknown, P::certificate},
    {"ip address mismatch", T::certificate_wrong_host, W::plain, Side::unknown, P::certificate},
    // no failure of TLS
    {"digital envelope routines::unsupported", T::no_tls_failure},
    {"err ossl evp unsupported", T::no_tls_failure},
});

/// The reasons of a packed code, of which nothing else may be there. OpenSSL's, 1.1 and 3.
struct Reason {
    std::uint32_t number;
    Subject subject;
};

inline constexpr auto openssl_reasons = std::to_array<Reason>({
    {0x65, T::no_common_group},          // no suitable key share
    {0x6e, T::bad_answer},               // bad extension
    {0x76, T::no_common_signature},      // no suitable signature algorithm
    {0x7b, T::bad_answer},               // bad signature
    {0x86, T::certificate_rejected},     // certificate verify failed
    {0x95, T::bad_record},               // digest check failed
    {0x9b, T::plain_http_on_tls_port},   // https proxy request
    {0x9c, T::plain_http_on_tls_port},   // http request
    {0x9f, T::bad_answer},               // length mismatch
    {0xb5, T::no_suite_enabled},         // no ciphers available
    {0xb9, T::no_suite_enabled},         // no cipher match
    {0xbf, T::no_version_enabled},       // no protocols available
    {0xc1, T::no_common_suite},          // no shared cipher
    {0xc6, T::not_tls},                  // packet length too long
    {0xc7, T::peer_without_certificate}, // peer did not return a certificate
    {0xeb, T::no_common_alpn},           // no application protocol
    {0xf4, T::unexpected_message},       // unexpected message
    {0xfc, T::not_tls},                  // unknown protocol
    {0x102, T::no_common_version},       // unsupported protocol
    {0x10b, T::not_tls},                 // wrong version number
    {0x119, T::bad_record},              // decryption failed or bad record mac
    {0x126, T::closed},                  // unexpected eof while reading
    {0x14d, T::weak_signature},          // legacy sigalg disallowed or unsupported
    {0x152, T::no_secure_renegotiation}, // unsafe legacy renegotiation disabled
    {0x153, T::renegotiation_refused},   // no renegotiation
    {0x172, T::weak_signature},          // wrong signature type
    {0x175, T::fallback_detected},       // inappropriate fallback
    {0x178, T::no_common_signature},     // no shared signature algorithms
    {0x17a, T::no_common_group},         // wrong curve
    {0x18a, T::small_dh},                // dh key too small
    {0x18c, T::no_common_version},       // version too low
    {0x18d, T::certificate_too_weak},    // ca key too small
    {0x18e, T::certificate_too_weak},    // ca md too weak
    {0x18f, T::certificate_too_weak},    // ee key too small
});

inline constexpr auto boringssl_reasons = std::to_array<Reason>({
    {0x69, T::small_dh},                 // BAD_DH_P_LENGTH
    {0x72, T::bad_answer},               // BAD_SIGNATURE
    {0x7d, T::certificate_rejected},     // CERTIFICATE_VERIFY_FAILED
    {0x89, T::bad_answer},               // DECODE_ERROR
    {0x8b, T::bad_record},               // DECRYPTION_FAILED_OR_BAD_RECORD_MAC
    {0x8e, T::bad_record},               // DIGEST_CHECK_FAILED
    {0x95, T::bad_answer},               // ERROR_PARSING_EXTENSION
    {0x9a, A::handshake_failure},        // HANDSHAKE_FAILURE_ON_CLIENT_HELLO
    {0x9b, T::plain_http_on_tls_port},   // HTTPS_PROXY_REQUEST
    {0x9c, T::plain_http_on_tls_port},   // HTTP_REQUEST
    {0x9d, T::fallback_detected},        // INAPPROPRIATE_FALLBACK
    {0xaf, T::no_suite_enabled},         // NO_CIPHERS_AVAILABLE
    {0xb6, T::renegotiation_refused},    // NO_RENEGOTIATION
    {0xb8, T::no_common_suite},          // NO_SHARED_CIPHER
    {0xc0, T::peer_without_certificate}, // PEER_DID_NOT_RETURN_A_CERTIFICATE
    {0xdf, T::unexpected_message},       // UNEXPECTED_MESSAGE
    {0xec, T::no_secure_renegotiation},  // UNSAFE_LEGACY_RENEGOTIATION_DISABLED
    {0xf0, T::no_common_version},        // UNSUPPORTED_PROTOCOL
    {0xf3, T::no_common_group},          // WRONG_CURVE
    {0xf5, T::weak_signature},           // WRONG_SIGNATURE_TYPE
    {0xf7, T::not_tls},                  // WRONG_VERSION_NUMBER
    {0xfd, T::no_common_signature},      // NO_COMMON_SIGNATURE_ALGORITHMS
    {0x103, T::alpn_not_offered},        // INVALID_ALPN_PROTOCOL
    {0x10a, T::no_common_group},         // NO_SHARED_GROUP
    {0x118, T::no_version_enabled},      // NO_SUPPORTED_VERSIONS_ENABLED
    {0x129, T::bad_answer},              // TLS13_DOWNGRADE
    {0x133, T::no_common_alpn},          // NO_APPLICATION_PROTOCOL
    {0x13f, A::ech_required},            // ECH_REJECTED
});

} // namespace alert40::explain::words
