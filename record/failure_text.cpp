#include "record/failure_text.hpp"

#include "record/limits.hpp"
#include "record/printable.hpp"

#include <array>

namespace alert40::record {

namespace {

using tls::FailureKind;
using tls::Phase;

// In the order of their enumerations.
constexpr std::array<std::string_view, 9> places{
    "at resolve",         "at connect",        "at proxy_connect",         "after client_hello",
    "after server_hello", "after certificate", "after client_certificate", "after finished",
    "after the handshake"};
static_assert(places.size() == static_cast<std::size_t>(Phase::after) + 1);

constexpr std::array<std::string_view, 13> what{"alert",
                                                "connection reset",
                                                "connection closed",
                                                "no answer in time",
                                                "connection refused",
                                                "unreachable",
                                                "the answer is not TLS",
                                                "malformed answer",
                                                "certificate not accepted",
                                                "TLS library gave up",
                                                "no common ALPN protocol",
                                                "HTTP/2 broke",
                                                "name not resolved"};
static_assert(what.size() == static_cast<std::size_t>(FailureKind::dns) + 1);

/// These name the place themselves.
bool says_where(tls::Failure const& failure) {
    switch (failure.kind) {
    case FailureKind::dns: return failure.phase == Phase::resolve;
    case FailureKind::refused:
    case FailureKind::unreachable: return failure.phase == Phase::connect;
    default: return false;
    }
}

} // namespace

std::string alert_text(tls::Alert const& alert) {
    std::string line = alert.level == tls::AlertLevel::warning ? "warning alert " : "alert ";
    line += std::to_string(static_cast<unsigned>(alert.description));
    return line.append(" ").append(name_of(alert.description));
}

std::string_view where(Phase phase) {
    return places.at(static_cast<std::size_t>(phase));
}

std::string failure_text(tls::Failure const& failure) {
    auto const by_alert = failure.kind == FailureKind::alert && failure.alert.has_value();
    std::string line = failure.by == tls::By::injected ? "injected: " : "";
    if (by_alert)
        line.append(alert_text(*failure.alert)).append(" ").append(name_of(failure.alert->direction));
    else
        line += what.at(static_cast<std::size_t>(failure.kind));
    if (!says_where(failure)) line.append(" ").append(where(failure.phase));
    if (!by_alert && failure.alert)
        line.append(" (")
            .append(alert_text(*failure.alert))
            .append(" ")
            .append(name_of(failure.alert->direction))
            .append(")");
    // Of an alert that was received, its number is all there is.
    auto const says_more = !by_alert || failure.alert->direction == tls::Direction::sent;
    if (says_more && !failure.detail.empty())
        line.append(": ").append(printable(failure.detail, limits::shown_text));
    return line;
}

} // namespace alert40::record
