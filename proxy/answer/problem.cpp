#include "proxy/answer/problem.hpp"

#include "record/failure_text.hpp"
#include "record/printable.hpp"

#include <algorithm>

namespace alert40::proxy {

namespace {

using Kind = UpstreamError::Kind;

/// What is said of an error that is not a failure of the network.
struct Explanation {
    Kind kind;
    std::string_view what; ///< follows the origin
    std::string_view verdict;
    std::string_view remedy;
};

constexpr Explanation explanations[] = {
    {Kind::loop, "resolves to a listener of this proxy", "The request would come back here for ever.",
     "give the origin's real address in a rule (address or resolver), or ask for another port"},
    {Kind::needs_http2, "was reached with http/1.1 only, and this call streams in both directions",
     "A call that streams in both directions needs HTTP/2 all the way.",
     "switch the app to its HTTP/1.1 mode (in Cursor: HTTP Compatibility Mode, HTTP/1.1), or let the rule "
     "for this host "
     "offer h2 again (alert40 forget HOST)"},
    {Kind::no_upgrade, "was reached with HTTP/2, and its HTTP/2 does not carry this upgrade (RFC 8441)",
     "The server does not enable extended CONNECT.",
     "offer http/1.1 only in a rule for this host: profile = \"http1\""},
    {Kind::blocked, "is blocked by the policy", "A rule has mode = \"block\" for this host.",
     "change the rule, or remove it"},
    {Kind::overloaded, "has too many requests waiting for it",
     "More requests came than the origin has answered.", "try again later"},
    {Kind::response_timeout, "did not answer in time", "The connection stands, but no response came.",
     "try again later"},
    {Kind::malformed_response, "answered with what is not HTTP", "The response cannot be passed on safely.",
     "look at the server, or at what stands in front of it"},
};

Explanation const* explanation_of(Kind kind) {
    auto const* const found = std::ranges::find(explanations, kind, &Explanation::kind);
    return found == std::end(explanations) ? nullptr : found;
}

std::optional<tls::Failure> failure_of(UpstreamError const& error) {
    if (error.failure) return error.failure;
    if (error.kind != Kind::failed) return std::nullopt;
    auto const& attempts = error.attempts;
    auto const failed = std::ranges::find_if(
        attempts, [](record::HandshakeRecord const& attempt) { return attempt.failure.has_value(); });
    return failed == attempts.end() ? std::nullopt : failed->failure;
}

bool through_proxy(UpstreamError const& error) {
    if (error.attempts.empty()) return false;
    auto const& via = error.attempts.front().target.via;
    return !via.empty() && via != "direct";
}

std::string_view attempted(tls::Failure const& failure) {
    if (failure.phase < tls::Phase::client_hello) return "Connecting to ";
    return failure.phase == tls::Phase::after ? "The connection to " : "The TLS handshake with ";
}

std::string times(std::size_t attempts) {
    return attempts < 2 ? "" : " (" + std::to_string(attempts) + " attempts; this is the first failure)";
}

/// The rule whose faults were at work; empty: none.
std::string injected_by(UpstreamError const& error, std::optional<tls::Failure> const& failure) {
    bool const cut_here = error.failure && failure && failure->by == tls::By::injected;
    auto const suffered = std::ranges::find_if(
        error.attempts, [](record::HandshakeRecord const& attempt) { return !attempt.injected_by.empty(); });
    return record::printable(suffered != error.attempts.end() ? suffered->injected_by
                             : cut_here                       ? error.rule
                                                              : "");
}

/// It fails as it did when that was found out.
bool explained(UpstreamError const& error, tls::Failure const& failure) {
    if (error.diagnosis == nullptr || !record::explains(*error.diagnosis)) return false;
    auto const& known = error.diagnosis->failure;
    return known.kind == failure.kind && known.phase == failure.phase && known.alert == failure.alert;
}

void explain(Problem& problem, record::DiagnosisRecord const& diagnosis) {
    problem.confidence = diagnosis.confidence;
    problem.cause.names = diagnosis.causes;
    problem.cause.verdict =
        "Diagnosed, confidence " + diagnosis.confidence + ": " + record::printable(diagnosis.verdict) + '.';
    for (auto const& remedy : diagnosis.remedies)
        problem.cause.remedies.push_back(record::printable(text_of(remedy)));
}

} // namespace

Problem problem_of(UpstreamError const& error) {
    Problem problem{.error = {},
                    .origin = record::printable(error.origin.text()),
                    .summary = "",
                    .cause = {},
                    .confidence = "",
                    .next_hop = error.attempts.empty() ? "" : error.attempts.back().target.address,
                    .failure = failure_of(error),
                    .attempts = error.attempts};
    problem.error =
        proxy_error(error.kind, problem.failure ? &*problem.failure : nullptr, through_proxy(error));
    problem.injected_by = injected_by(error, problem.failure);
    if (auto const* const explanation = explanation_of(error.kind)) {
        problem.summary = problem.origin + ' ' + std::string{explanation->what};
        if (!error.rule.empty()) problem.summary += " (rule " + record::printable(error.rule) + ')';
        if (problem.failure) problem.summary += ": " + record::failure_text(*problem.failure);
        problem.cause = {{}, std::string{explanation->verdict}, {std::string{explanation->remedy}}};
    } else if (problem.failure) {
        problem.summary = std::string{attempted(*problem.failure)} + problem.origin +
                          " failed: " + record::failure_text(*problem.failure) +
                          times(error.failure ? 0 : error.attempts.size());
        if (explained(error, *problem.failure))
            explain(problem, *error.diagnosis);
        else
            problem.cause = record::probable_cause(error.attempts, error.failure ? &*error.failure : nullptr);
    } else {
        problem.summary = "The connection to " + problem.origin + " was cut";
    }
    if (!problem.injected_by.empty()) {
        problem.summary += ", on purpose, by rule \"" + problem.injected_by + '"';
        problem.cause = {{}, "It was made to fail here.", {"change the rule, or remove its faults"}};
        problem.confidence.clear();
    }
    return problem;
}

std::string one_line(Problem const& problem) {
    auto line = "alert40: " + problem.summary + '.';
    if (!problem.cause.verdict.empty()) line += ' ' + problem.cause.verdict;
    if (!problem.cause.remedies.empty()) line += " Remedy: " + problem.cause.remedies.front() + '.';
    return line;
}

std::string proxy_status(Problem const& problem) {
    ProxyStatus status{problem.error.type};
    if (problem.error.type == "tls_alert_received") {
        auto const alert = problem.failure->alert->description;
        status.integer("alert-id", static_cast<unsigned>(alert)).string("alert-message", name_of(alert));
    }
    return status.string("next-hop", problem.next_hop).string("details", problem.summary).text();
}

} // namespace alert40::proxy
