#pragma once

#include "diagnose/explain/words/openssl.hpp"

/// Node.js: `code` of its errors, undici (fetch), and Electron's main process.
namespace alert40::explain::words {

inline constexpr auto node = std::to_array<Sign>({
    {"eproto", T::handshake_failed, W::wrapped},
    aside("fetch failed", Side::client),
    {"client network socket disconnected before secure tls connection was established",
     T::closed_in_handshake, W::cut, Side::client},
    {"err ssl ", T::handshake_failed, W::wrapped},
    {"err tls cert altname invalid", T::certificate_wrong_host, W::plain, Side::client, P::certificate},
    {"hostname/ip does not match certificate's altnames", T::certificate_wrong_host, W::plain, Side::client,
     P::certificate},
    {"cert has expired", T::certificate_expired, W::plain, Side::unknown, P::certificate},
    {"cert not yet valid", T::certificate_not_yet_valid, W::plain, Side::unknown, P::certificate},
    {"depth zero self signed cert", T::certificate_self_signed, W::plain, Side::unknown, P::certificate},
    {"self signed cert in chain", T::certificate_unknown_issuer, W::plain, Side::unknown, P::certificate},
    {"unable to verify leaf signature", T::certificate_issuer_missing, W::plain, Side::unknown,
     P::certificate},
    {"unable to get issuer cert locally", T::certificate_issuer_missing, W::plain, Side::unknown,
     P::certificate},
    {"unable to get issuer cert", T::certificate_issuer_missing, W::plain, Side::unknown, P::certificate},
    {"cert untrusted", T::certificate_unknown_issuer, W::plain, Side::unknown, P::certificate},
    {"cert revoked", T::certificate_revoked, W::plain, Side::unknown, P::certificate},
    {"path length exceeded", T::certificate_constraints, W::plain, Side::unknown, P::certificate},
    {"err tls handshake timeout", T::handshake_timeout, W::plain},
    {"err tls invalid protocol version", T::no_version_enabled},
    {"err tls protocol version conflict", T::no_version_enabled},
    {"err tls invalid protocol method", T::no_version_enabled},
    {"err http2 error", T::http2_broken, W::vague},
    {"err http2 stream error", T::http2_broken, W::vague},
    {"err http2 session error", T::http2_broken, W::vague},
    {"err http2 goaway session", T::http2_broken, W::vague},
    {"err http2 stream cancel", Http2Error{8}, W::vague},
    {"err http2 invalid session", T::http2_broken, W::vague},
    {"stream closed with error code ", Read::http2_error},
    {"session closed with error code ", Read::http2_error},
    {"new streams cannot be created after receiving a goaway", T::http2_broken, W::vague},
    {"socket hang up", T::closed, W::cut},
    {"other side closed", T::closed, W::cut, Side::client},
    {"und err socket", T::closed, W::wrapped, Side::client},
    {"und err connect timeout", T::timeout, W::cut, Side::client},
    {"und err headers timeout", T::timeout, W::cut, Side::client, P::after},
    {"und err body timeout", T::timeout, W::cut, Side::client, P::after},
    {"the operation was aborted due to timeout", T::timeout, W::cut, Side::client},
    {"econnreset: aborted", T::body_cut, W::cut, Side::client, P::after},
    {"typeerror: terminated", T::body_cut, W::cut, Side::client, P::after},
    {"terminated <  und err socket", T::body_cut, W::cut, Side::client, P::after},
    {"terminated <  econnreset", T::body_cut, W::cut, Side::client, P::after},
});

} // namespace alert40::explain::words
