#include "proxy/answer/proxy_error.hpp"

#include <array>

namespace alert40::proxy {

namespace {

using Kind = UpstreamError::Kind;
using tls::FailureKind;
using tls::Phase;

constexpr ProxyError dns_timeout{"dns_timeout", 504, "The resolver did not answer in time"};
constexpr ProxyError connection_timeout{"connection_timeout", 504, "The origin did not connect in time"};
constexpr ProxyError response_timeout{"http_response_timeout", 504, "The origin did not answer in time"};
constexpr ProxyError alert_received{"tls_alert_received", 502, "The origin refused the TLS handshake"};
constexpr ProxyError tls_protocol{"tls_protocol_error", 502, "The TLS handshake with the origin failed"};
constexpr ProxyError http_protocol{"http_protocol_error", 502, "The origin does not speak HTTP properly"};
constexpr ProxyError refused{"connection_refused", 502, "The origin refused the connection"};
constexpr ProxyError terminated{"connection_terminated", 502, "The connection to the origin was cut"};
constexpr ProxyError loop{"proxy_loop_detected", 502, "The origin is this proxy itself"};
constexpr ProxyError denied{"http_request_denied", 403, "A rule blocks this origin"};
constexpr ProxyError overloaded{"connection_limit_reached", 503, "Too many requests wait for this origin"};
constexpr ProxyError upgrade_failed{"http_upgrade_failed", 502, "The origin cannot carry this request"};

ProxyError of_timeout(Phase phase) {
    if (phase == Phase::resolve) return dns_timeout;
    return phase == Phase::after ? response_timeout : connection_timeout;
}

ProxyError of_failure(tls::Failure const& failure) {
    switch (failure.kind) {
    case FailureKind::alert:
        return failure.alert && failure.alert->direction == tls::Direction::received ? alert_received
                                                                                     : tls_protocol;
    case FailureKind::timeout: return of_timeout(failure.phase);
    case FailureKind::reset:
    case FailureKind::eof: return terminated;
    case FailureKind::refused: return refused;
    case FailureKind::unreachable:
        return {"destination_ip_unroutable", 502, "There is no route to the origin"};
    case FailureKind::verify:
        return {"tls_certificate_error", 502, "The origin's certificate was not accepted"};
    case FailureKind::h2:
    case FailureKind::http: return http_protocol;
    case FailureKind::dns: return {"dns_error", 502, "The origin's name was not resolved"};
    case FailureKind::malformed:
        return failure.phase == Phase::after || failure.phase == Phase::proxy_connect ? http_protocol
                                                                                      : tls_protocol;
    case FailureKind::not_tls:
    case FailureKind::library:
    case FailureKind::alpn: return tls_protocol;
    }
    return tls_protocol;
}

} // namespace

ProxyError proxy_error(Kind kind, tls::Failure const* failure, bool through_proxy) {
    switch (kind) {
    case Kind::failed: {
        auto error = failure != nullptr ? of_failure(*failure) : terminated;
        if (through_proxy && failure != nullptr && failure->phase <= Phase::connect)
            error.title = "The upstream proxy cannot be reached";
        return error;
    }
    case Kind::loop: return loop;
    case Kind::needs_http2:
    case Kind::no_upgrade: return upgrade_failed;
    case Kind::blocked: return denied;
    case Kind::overloaded: return overloaded;
    case Kind::response_timeout: return response_timeout;
    case Kind::malformed_response: return http_protocol;
    }
    return terminated;
}

ProxyStatus::ProxyStatus(std::string_view error)
    : text_("alert40; error=") {
    text_ += error;
}

ProxyStatus& ProxyStatus::integer(std::string_view key, unsigned value) {
    text_.append("; ").append(key).append("=").append(std::to_string(value));
    return *this;
}

ProxyStatus& ProxyStatus::string(std::string_view key, std::string_view value) {
    if (!value.empty()) text_.append("; ").append(key).append("=").append(quoted(value));
    return *this;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (auto const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c >= 0x20 && c < 0x7f ? c : '?';
    }
    return out += '"';
}

} // namespace alert40::proxy
