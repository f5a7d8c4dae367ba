#pragma once

#include "diagnose/explain/words/openssl.hpp"

/// Chromium, Chrome, Edge and Electron: `net::ERR_...`, and the same as a number. One of them often stands
/// for many alerts.
namespace alert40::explain::words {

struct NetError {
    std::string_view name; ///< folded, as it stands behind "net::"
    std::int16_t number;
    Subject subject;
    Weight weight = W::plain;
    std::optional<tls::Phase> phase = {};
};

inline constexpr auto net_errors = std::to_array<NetError>({
    {"err timed out", -7, T::timeout, W::cut},
    {"err connection closed", -100, T::closed, W::cut},
    {"err connection reset", -101, T::reset, W::cut},
    {"err connection refused", -102, T::refused, W::cut},
    {"err connection aborted", -103, T::reset, W::cut},
    {"err connection failed", -104, T::unreachable, W::cut},
    {"err name not resolved", -105, T::name_not_resolved, W::cut},
    {"err ssl protocol error", -107, T::handshake_failed, W::vague},
    {"err address unreachable", -109, T::unreachable, W::cut},
    {"err ssl client auth cert needed", -110, T::peer_without_certificate},
    {"err tunnel connection failed", -111, T::proxy_failed},
    {"err no ssl versions enabled", -112, T::no_version_enabled},
    {"err ssl version or cipher mismatch", -113, T::version_or_cipher, W::plain, P::client_hello},
    {"err ssl renegotiation requested", -114, T::renegotiation_refused},
    {"err proxy auth unsupported", -115, T::proxy_failed},
    {"err bad ssl client auth cert", -117, T::client_certificate_refused},
    {"err connection timed out", -118, T::timeout, W::cut},
    {"err ssl no renegotiation", -123, A::no_renegotiation},
    {"err ssl decompression failure alert", -125, A::decompression_failure},
    {"err ssl bad record mac alert", -126, A::bad_record_mac},
    {"err proxy auth requested", -127, T::proxy_failed},
    {"err proxy connection failed", -130, T::proxy_failed},
    {"err ssl client auth private key access denied", -134, T::own_certificate_unusable},
    {"err ssl client auth cert no private key", -135, T::own_certificate_unusable},
    {"err proxy certificate invalid", -136, T::proxy_failed},
    {"err name resolution failed", -137, T::name_not_resolved, W::cut},
    {"err ssl client auth signature failed", -141, T::own_certificate_unusable},
    {"err ssl decrypt error alert", -153, A::decrypt_error},
    {"err ssl server cert changed", -156, T::certificate_rejected},
    {"err ssl unrecognized name alert", -159, A::unrecognized_name},
    {"err ssl handshake not completed", -148, T::handshake_failed, W::vague},
    {"err ssl bad peer public key", -149, T::bad_answer},
    {"err ssl pinned key not in cert chain", -150, T::certificate_rejected},
    {"err tls13 downgrade detected", -180, T::bad_answer},
    {"err ssl key usage incompatible", -181, T::certificate_constraints},
    {"err ech not negotiated", -183, A::ech_required, W::vague},
    {"err ssl obsolete cipher", -172, T::no_common_suite},
    {"err ssl obsolete version", -218, T::no_common_version, W::vague},
    {"err cert common name invalid", -200, T::certificate_wrong_host, W::plain, P::certificate},
    {"err cert date invalid", -201, T::certificate_dates, W::plain, P::certificate},
    {"err cert authority invalid", -202, T::certificate_issuer_missing, W::plain, P::certificate},
    {"err cert contains errors", -203, T::certificate_rejected, W::vague, P::certificate},
    {"err cert no revocation mechanism", -204, T::revocation_unknown, W::plain, P::certificate},
    {"err cert unable to check revocation", -205, T::revocation_unknown, W::plain, P::certificate},
    {"err cert revoked", -206, T::certificate_revoked, W::plain, P::certificate},
    {"err cert invalid", -207, T::certificate_rejected, W::vague, P::certificate},
    {"err cert weak signature algorithm", -208, T::certificate_too_weak, W::plain, P::certificate},
    {"err cert non unique name", -210, T::certificate_wrong_host, W::plain, P::certificate},
    {"err cert weak key", -211, T::certificate_too_weak, W::plain, P::certificate},
    {"err cert name constraint violation", -212, T::certificate_constraints, W::plain, P::certificate},
    {"err cert validity too long", -213, T::certificate_constraints, W::plain, P::certificate},
    {"err certificate transparency required", -214, T::certificate_rejected, W::plain, P::certificate},
    {"err cert known interception blocked", -217, T::certificate_unknown_issuer, W::plain, P::certificate},
    {"err empty response", -324, T::closed, W::cut, P::after},
    {"err http2 protocol error", -337, T::http2_broken, W::vague, P::after},
    {"err content length mismatch", -354, T::body_cut, W::cut, P::after},
    {"err incomplete chunked encoding", -355, T::body_cut, W::cut, P::after},
    {"err http2 inadequate transport security", -360, T::weak_for_http2, W::plain, P::after},
    {"err http2 flow control error", -361, Http2Error{3}, W::plain, P::after},
    {"err http2 frame size error", -362, Http2Error{6}, W::plain, P::after},
    {"err http2 compression error", -363, Http2Error{9}, W::plain, P::after},
    {"err http 1 1 required", -365, Http2Error{13}, W::plain, P::after},
    {"err http2 server refused stream", -351, Http2Error{7}, W::plain, P::after},
    {"err http2 ping failed", -352, T::timeout, W::cut, P::after},
    {"err http2 stream closed", -376, Http2Error{5}, W::vague, P::after},
    {"err socket not connected", -15, T::closed, W::cut},
});

inline constexpr auto chromium = [] {
    std::array<Sign, net_errors.size() + 4> signs{};
    for (std::size_t i = 0; i < net_errors.size(); ++i)
        signs[i] = {net_errors[i].name, net_errors[i].subject, net_errors[i].weight, Side::client,
                    net_errors[i].phase};
    auto* more = signs.data() + net_errors.size();
    *more++ = {"net error ", Read::net_error};
    *more++ = {"net error: ", Read::net_error};
    *more++ = aside("ssl client socket impl.cc", Side::client);
    *more++ = aside("ssl server socket impl.cc", Side::server);
    return signs;
}();

} // namespace alert40::explain::words
