#include "tls/watch/course.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace alert40::tls::watch {
namespace {

std::string_view name_of_side(By who) {
    switch (who) {
    case By::downstream: return "the app";
    case By::upstream: return "the server";
    default: return "the proxy";
    }
}

std::string_view deed(FailureKind kind) {
    switch (kind) {
    case FailureKind::reset: return " reset the connection";
    case FailureKind::timeout: return " fell silent";
    default: return " closed the connection";
    }
}

/// "the server reset the connection right after the ClientHello"
std::string cut(Course const& course, By who, FailureKind kind) {
    auto text = std::string(name_of_side(who)).append(deed(kind)).append(" right after ").append(course.last);
    if (!course.said_goodbye) return text;
    bool const fatal =
        course.said_goodbye->level == AlertLevel::fatal; // RFC 8446 section 6.1 has it a warning
    return text + (fatal ? ", with a fatal close_notify" : ", with a close_notify");
}

bool server_said_goodbye(Course const& course) {
    return course.said_goodbye && course.said_goodbye->direction == Direction::received;
}

/// The alerts by which a client refuses a certificate.
constexpr std::array certificate_refusals = {
    AlertDescription::bad_certificate,     AlertDescription::unsupported_certificate,
    AlertDescription::certificate_revoked, AlertDescription::certificate_expired,
    AlertDescription::certificate_unknown, AlertDescription::unknown_ca,
};

/// TLS 1.3 hides the Certificate, and an app that refuses has seen it.
Phase phase_of_refusal(Course const& course, By by) {
    auto const hides_certificate = course.tls13 && course.server.begun && !course.resumed;
    return by == By::downstream && hides_certificate && course.phase == Phase::server_hello
               ? Phase::certificate
               : course.phase;
}

/// git with GnuTLS does that. An app that closes a connection which it made in advance does not do it at
/// once.
constexpr std::string_view leaving_at_once =
    "the app finished the handshake and closed the connection at once, without a word: some apps look at the "
    "certificate only then, and leave when they refuse it";

/// What TLS 1.3 leaves to judge by: who sent how much, and after what.
std::optional<Failure> hidden_ending(Course const& course, By who, FailureKind kind) {
    auto const fails = [&](By by, Phase phase, std::string detail) {
        return Failure{by, phase, kind, std::nullopt, std::move(detail)};
    };
    if (course.left_at_once) return fails(By::downstream, Phase::after, std::string(leaving_at_once));
    if (course.client.finished) {
        // An app that has said nothing more may have connected in advance, and both may close that unused.
        if (!course.client.more || course.server.more) return std::nullopt;
        if (course.server.alerted)
            return fails(By::upstream, Phase::finished,
                         "an encrypted record of the size of an alert was the server's answer to the app's "
                         "Finished: it looks as if the server demands a client certificate (alert 116)");
        if (who == By::upstream && kind != FailureKind::timeout)
            return fails(who, Phase::finished, cut(course, who, kind) + ", without an answer");
        return std::nullopt;
    }
    if (course.client.alerted) {
        auto const* const refused = course.resumed ? "resumed handshake" : "certificate";
        return fails(By::downstream, phase_of_refusal(course, By::downstream),
                     std::string("the app answered the server's flight with an encrypted record of the size "
                                 "of an alert: it looks as if the app refused the ") +
                         refused);
    }
    if (course.server.alerted && who == By::upstream) // else it may be its answer to an app that hung up
        return fails(By::upstream, Phase::server_hello,
                     "the server sent an encrypted record of the size of an alert within its first flight");
    // Early data hides the rest: the app may well have finished.
    if (course.early_data && course.server.begun) return std::nullopt;
    auto detail = cut(course, who, kind);
    if (who == By::downstream && course.server.begun && !course.resumed)
        detail += ": apps that do not trust a certificate do that";
    return fails(who, phase_of_refusal(course, who), std::move(detail));
}

/// Up to TLS 1.2 the types of encrypted messages stay readable.
std::optional<Failure> half_hidden_ending(Course const& course, By who, FailureKind kind) {
    if (course.left_at_once)
        return Failure{By::downstream, Phase::after, kind, std::nullopt, std::string(leaving_at_once)};
    if (course.client.finished && course.server.finished) return std::nullopt;
    auto const by = course.client.alerted ? By::downstream : course.server.alerted ? By::upstream : who;
    auto const alerted = course.client.alerted || course.server.alerted;
    return Failure{by, course.phase, kind, std::nullopt,
                   alerted ? "an encrypted alert from " + std::string(name_of_side(by)) + ", right after " +
                                 std::string(course.last)
                           : cut(course, who, kind)};
}

} // namespace

Failure refusal(Course const& course, Alert const& alert) {
    auto const by = alert.direction == Direction::received ? By::upstream : By::downstream;
    auto detail = "alert " + std::to_string(static_cast<unsigned>(alert.description)) + " from " +
                  std::string(name_of_side(by)) + ", right after " + std::string(course.last);
    auto const phase = phase_of_refusal(course, by);
    if (by == By::downstream && phase >= Phase::certificate &&
        std::ranges::find(certificate_refusals, alert.description) != certificate_refusals.end())
        detail += ": the app refused the certificate";
    return {by, phase, FailureKind::alert, alert, std::move(detail)};
}

std::optional<Failure> ending(Course const& course, By who, FailureKind kind) {
    switch (course.stage) {
    case Stage::not_tls:
    case Stage::passed:
    case Stage::failed: return std::nullopt;
    case Stage::encrypted:
        return course.tls13 ? hidden_ending(course, who, kind) : half_hidden_ending(course, who, kind);
    default: break;
    }
    if (server_said_goodbye(course)) { // whoever is the first to close the connection then
        who = By::upstream;
        kind = FailureKind::eof;
    }
    return Failure{who, course.phase, kind, std::nullopt, cut(course, who, kind)};
}

} // namespace alert40::tls::watch
