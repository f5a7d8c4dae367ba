#pragma once

#include "tls/alert.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace alert40::tls {

/// Who ended it.
enum class By : std::uint8_t { downstream, upstream, local, injected };

/// How far it had come: the last stage that was reached.
enum class Phase : std::uint8_t {
    resolve,
    connect,
    proxy_connect, ///< the CONNECT to an upstream proxy
    client_hello,  ///< nothing but an alert or a cut came back
    server_hello,
    certificate,
    client_certificate, ///< after a CertificateRequest
    finished,
    after, ///< the handshake was complete
};

enum class FailureKind : std::uint8_t {
    alert,
    reset,
    eof,
    timeout,
    refused,
    unreachable,
    not_tls,
    malformed,
    verify,
    library,
    alpn,
    h2,
    dns,
    http, ///< a request or response was not what it should be: a status, a body cut or held up
};

/// Why a connection did not come about, or ended. A value; what can happen on a network is never an
/// exception.
struct Failure {
    By by = By::upstream;
    Phase phase = Phase::client_hello;
    FailureKind kind = FailureKind::alert;
    std::optional<Alert> alert; ///< exactly when an alert was seen, in either direction
    std::string detail;         ///< one line for a person; no secrets

    bool operator==(Failure const&) const = default;
};

std::string_view name_of(By by);
std::string_view name_of(Phase phase);
std::string_view name_of(FailureKind kind);
std::optional<FailureKind> failure_kind_named(std::string_view name);

} // namespace alert40::tls
