#pragma once

#include "diagnose/explain/words/openssl.hpp"

/// Python: ssl, http.client, urllib3, requests, httpx, aiohttp. What stands in `[SSL: ...]` is OpenSSL's.
namespace alert40::explain::words {

inline constexpr auto python = std::to_array<Sign>({
    {"[ssl: ", T::handshake_failed, W::wrapped},
    {"[ssl] unknown error", T::unnamed_alert, W::vague},
    {"sslcertverificationerror", T::certificate_rejected, W::vague, Side::unknown, P::certificate},
    {"ssl.sslerror", T::handshake_failed, W::wrapped},
    {"urllib3.exceptions.sslerror", T::handshake_failed, W::wrapped, Side::client},
    {"requests.exceptions.sslerror", T::handshake_failed, W::wrapped, Side::client},
    {"clientconnectorsslerror", T::handshake_failed, W::wrapped, Side::client},
    {"doesn't match '", T::certificate_wrong_host, W::plain, Side::client, P::certificate},
    {"doesn't match either of '", T::certificate_wrong_host, W::plain, Side::client, P::certificate},
    {"certificate verify failed: hostname mismatch", T::certificate_wrong_host, W::plain, Side::client,
     P::certificate},
    {"eof occurred in violation of protocol", T::closed, W::cut},
    {"tls/ssl connection has been closed (eof)", T::closed, W::cut},
    {"the handshake operation timed out", T::handshake_timeout, W::cut},
    {"ssl: handshake timed out", T::handshake_timeout, W::cut},
    {"the read operation timed out", T::timeout, W::cut, Side::unknown, P::after},
    {"read timed out", T::timeout, W::cut, Side::client, P::after},
    {"connecttimeouterror", T::timeout, W::cut, Side::client},
    {"timed out", T::timeout, W::cut},
    {"remote end closed connection without response", T::closed, W::cut, Side::client, P::after},
    {"server disconnected without sending a response", T::closed, W::cut, Side::client, P::after},
    {"invalidbodylengtherror: expected ", T::body_cut, W::plain, Side::client, P::after}, // httpx, by h2
    {"incompleteread(", T::body_cut, W::cut, Side::client, P::after},
    {"peer closed connection without sending complete message body", T::body_cut, W::cut, Side::client,
     P::after},
    {"connectionterminated error code:", Read::http2_error, W::plain, Side::client, P::after}, // httpx, by h2
    {"error code:errorcodes.", Read::http2_error, W::plain, Side::client, P::after},
    aside("streamreset stream id:", Side::client, P::after),
    {", error code:", Read::http2_error, W::plain, Side::unknown, P::after}, // of the same
    {"tunnel connection failed", T::proxy_failed, W::plain, Side::client},
    {"cannot connect to proxy", T::proxy_failed, W::vague, Side::client},
    {"could not find a suitable tls ca certificate bundle", T::authorities_unreadable},
    aside("max retries exceeded with url", Side::client),
});

} // namespace alert40::explain::words
