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

constexpr std::array<std::string_view, 14> what{"alert",
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
                                                "name not resolved",
                                                "HTTP exchange broken"};
static_assert(what.size() == static_cast<std::size_t>(FailureKind::http) + 1);

/// Whose alert it was.
struct Voices {
    std::string_view received, sent;
};

// In the order of Role.
constexpr std::array<Voices, 4> voices{{{"received", "sent"},
                                        {"from the server", "from the app"},
                                        {"from the app", "sent to the app"},
                                        {"from the app", "sent to the app"}}};
static_assert(voices.size() == static_cast<std::size_t>(Role::served) + 1);

std::string_view voice(tls::Direction direction, Role role) {
    auto const& both = voices.at(static_cast<std::size_t>(role));
    return direction == tls::Direction::received ? both.received : both.sent;
}

/// On which side the connection ended, where there is more than one.
std::string_view side_of_end(tls::Failure const& failure, Role role) {
    auto const ended = failure.kind == FailureKind::reset || failure.kind == FailureKind::eof;
    if (!ended || role == Role::dialled) return "";
    if (failure.by == tls::By::downstream) return " on the app's side";
    return role == Role::watched ? " on the server's side" : "";
}

/// These name the place themselves.
bool says_where(tls::Failure const& failure) {
    switch (failure.kind) {
    case FailureKind::dns: return failure.phase == Phase::resolve;
    case FailureKind::refused:
    case FailureKind::unreachable: return failure.phase == Phase::connect;
    default: return false;
    }
}

/// How a watched handshake ended without a readable alert is a sentence already: who did what, after which
/// message.
bool tells_all(tls::Failure const& failure, Role role) {
    return role == Role::watched && failure.phase >= Phase::client_hello && !failure.alert &&
           failure.by != tls::By::injected && !failure.detail.empty();
}

} // namespace

std::string alert_text(tls::Alert const& alert) {
    return (alert.level == tls::AlertLevel::warning ? "warning " : "") + text_of(alert.description);
}

std::string_view where(Phase phase) {
    return places.at(static_cast<std::size_t>(phase));
}

std::string failure_text(tls::Failure const& failure, Role role) {
    if (tells_all(failure, role)) return printable(failure.detail, limits::shown_text);
    auto const by_alert = failure.kind == FailureKind::alert && failure.alert.has_value();
    auto const spoken = [&] {
        return alert_text(*failure.alert).append(" ").append(voice(failure.alert->direction, role));
    };
    std::string line = failure.by == tls::By::injected ? "injected: " : "";
    if (by_alert)
        line += spoken();
    else
        line.append(what.at(static_cast<std::size_t>(failure.kind))).append(side_of_end(failure, role));
    if (!says_where(failure)) line.append(" ").append(where(failure.phase));
    if (!by_alert && failure.alert) line.append(" (").append(spoken()).append(")");
    // Of an alert that somebody else sent, its number is all there is.
    auto const ours = by_alert && failure.alert->direction == tls::Direction::sent && role != Role::watched;
    if ((!by_alert || ours) && !failure.detail.empty())
        line.append(": ").append(printable(failure.detail, limits::shown_text));
    return line;
}

} // namespace alert40::record
