#pragma once

#include "diagnose/explain/words/openssl.hpp"

/// curl: its own words, its exit codes, and the handshake that -v prints.
namespace alert40::explain::words {

inline constexpr auto curl = std::to_array<Sign>({
    {"curl: (", Read::curl_exit, W::wrapped, Side::client},
    {"curl error ", Read::curl_exit, W::wrapped, Side::client}, // PHP
    {"curl error: ", Read::curl_exit, W::wrapped, Side::client},
    {"libcurl error code ", Read::curl_exit, W::wrapped, Side::client},
    {"(in), tls alert, ", Read::alert_traced, W::plain, Side::client},
    {"(out), tls alert, ", Read::alert_traced, W::plain, Side::client, {}, true},
    aside("(in), tls handshake, server hello", Side::client, P::server_hello),
    aside("(in), tls handshake, certificate", Side::client, P::certificate),
    aside("(in), tls handshake, request cert", Side::client, P::client_certificate),
    aside("(out), tls handshake, finished", Side::client, P::finished),
    {"ssl certificate problem", T::certificate_rejected, W::vague, Side::client, P::certificate},
    {"ssl peer certificate or ssh remote key was not ok", T::certificate_rejected, W::vague, Side::client},
    // With OpenSSL it says so of alert 45 only.
    {"ssl certificate verification failed", A::certificate_expired, W::plain, Side::client},
    {"no alternative certificate subject name matches", T::certificate_wrong_host, W::plain, Side::client,
     P::certificate},
    {"ssl: certificate subject name", T::certificate_wrong_host, W::plain, Side::client, P::certificate},
    {"error setting certificate verify locations", T::authorities_unreadable, W::plain, Side::client},
    {"error adding trust anchors from file", T::authorities_unreadable, W::plain, Side::client},
    {"problem with the local ssl certificate", T::own_certificate_unusable, W::plain, Side::client},
    {"could not load client certificate", T::own_certificate_unusable, W::plain, Side::client},
    {"could not load pem client certificate", T::own_certificate_unusable, W::plain, Side::client},
    {"unable to set private key file", T::own_certificate_unusable, W::plain, Side::client},
    {"error in the http2 framing layer", T::http2_broken, W::vague, Side::client},
    aside("http/2 stream", Side::client, P::after),
    {"was not closed cleanly: ", Read::http2_error, W::plain, Side::client, P::after},
    {"was not closed cleanly before end of the underlying stream", T::closed, W::cut, Side::client, P::after},
    {"end of response with", T::body_cut, W::cut, Side::client, P::after},
    {"bytes remaining to read", T::body_cut, W::cut, Side::client, P::after},
    {"connection died, tried", Http2Error{7}, W::plain, Side::client, P::after}, // REFUSED_STREAM, five times
    {"server may not support http/2 with prior knowledge", T::other_http_version, W::plain, Side::client},
    {"received http/0.9 when not allowed", T::other_http_version, W::plain, Side::client},
    {"connect tunnel failed", T::proxy_failed, W::plain, Side::client},
    {"from proxy after connect", T::proxy_failed, W::plain, Side::client},
    {"proxy connect aborted", T::proxy_failed, W::plain, Side::client},
    {"could not resolve proxy", T::proxy_failed, W::plain, Side::client},
    {"could not resolve host", T::name_not_resolved, W::cut, Side::client},
    {"ssl connection timeout", T::handshake_timeout, W::cut, Side::client},
    {"operation timed out after", T::timeout, W::cut, Side::client},
    {"connection timed out after", T::timeout, W::cut, Side::client},
    {"failed to connect to", T::unreachable, W::wrapped, Side::client},
    {"empty reply from server", T::closed, W::cut, Side::client, P::after},
    {"recv failure: connection reset by peer", T::reset, W::cut, Side::client},
});

/// What an exit code says by itself; words on the same line say more.
struct CurlExit {
    std::uint8_t number;
    Subject subject;
    Weight weight = W::wrapped;
    std::optional<tls::Phase> phase = {};
};

inline constexpr auto curl_exits = std::to_array<CurlExit>({
    {5, T::proxy_failed, W::cut},
    {6, T::name_not_resolved, W::cut},
    {7, T::unreachable},
    {16, T::http2_broken, W::vague, P::after},
    {18, T::body_cut, W::wrapped, P::after},
    {28, T::timeout, W::wrapped},
    {35, T::handshake_failed},
    {51, T::certificate_rejected, W::vague, P::certificate},
    {52, T::closed, W::wrapped, P::after},
    {55, T::closed, W::wrapped, P::after},
    {56, T::closed, W::wrapped, P::after},
    {58, T::own_certificate_unusable, W::vague},
    {59, T::no_suite_enabled, W::vague},
    {60, T::certificate_rejected, W::vague, P::certificate},
    {77, T::authorities_unreadable, W::vague},
    {83, T::certificate_rejected, W::vague, P::certificate},
    {90, T::certificate_rejected, W::vague, P::certificate}, // a pinned key
    {91, T::certificate_rejected, W::vague, P::certificate},
    {92, T::http2_broken, W::vague, P::after},
    {97, T::proxy_failed, W::vague},
    {98, A::certificate_required, W::vague, P::finished},
});

} // namespace alert40::explain::words
