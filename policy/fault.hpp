#pragma once

#include "policy/hello_match.hpp"
#include "tls/alert.hpp"
#include "tls/flaw.hpp"
#include "tls/server_limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy {

/// Where in the course of an app's connection a fault strikes.
enum class FaultPoint : std::uint8_t {
    connect,      ///< the app's connection or tunnel stands, and nothing was read of it
    client_hello, ///< its whole ClientHello was read, and nothing answered
    server_hello, ///< it is answered by a server that lacks something
    certificate,  ///< it is shown a certificate that it must refuse
};

/// What happens to the app there. Each is made by bytes, or by their absence; nothing is only said.
struct FaultAction {
    enum class Kind : std::uint8_t {
        alert,      ///< a TLS alert record in plaintext, then FIN after a fatal one
        reset,      ///< TCP RST
        close,      ///< TCP FIN
        silence,    ///< nothing, until the app gives up
        delay,      ///< goes on as if there were no fault, later
        garbage,    ///< bytes that are no TLS, then FIN
        plain_http, ///< an HTTP/1.1 400 where TLS was expected, then FIN
        limits,     ///< a TLS handshake with a server that is limited so; what fits goes on
        flaw,       ///< a TLS handshake with this certificate; an app that takes it goes on
    };

    Kind kind = Kind::alert;
    tls::AlertLevel level = tls::AlertLevel::fatal;
    tls::AlertDescription alert = tls::AlertDescription::handshake_failure;
    std::chrono::milliseconds delay{0};
    tls::ServerLimits limits{};
    std::optional<std::vector<std::string>>
        alpn{}; ///< with `limits`: what the server speaks; none: no answer
    tls::Flaw flaw = tls::Flaw::expired;

    bool operator==(FaultAction const&) const = default;
};

/// Whatever the app does, the connection is over with it.
bool ends_it(FaultAction const& action);

/// When it strikes: every condition that is set has to hold. The counters count what the ones above them
/// hold for.
struct FaultCondition {
    std::optional<HelloMatch> hello{}; ///< of the app
    /// Of what matches, this part: 0.1 is one in ten, told by a generator that `seed` starts.
    std::optional<double> chance{};
    std::uint64_t seed = 0;
    std::optional<std::size_t> every{}; ///< the 1st, and each so many after it
    std::optional<std::size_t> times{}; ///< so often, then no more

    bool operator==(FaultCondition const&) const = default;
};

/// One [[rule.fault]]: a failure made on purpose.
struct Fault {
    FaultPoint at = FaultPoint::client_hello;
    FaultCondition when;
    FaultAction action;

    bool operator==(Fault const&) const = default;
};

/// "alert 40 handshake_failure at client_hello"
std::string fault_text(FaultAction const& action, FaultPoint at);

std::string_view name_of(FaultPoint point);
std::string_view name_of(FaultAction::Kind kind);
/// Whether it is done there; else `why_not` says in one line why it cannot be.
bool can_strike(FaultAction::Kind kind, FaultPoint point);
std::string_view why_not(FaultAction::Kind kind);

} // namespace alert40::policy
