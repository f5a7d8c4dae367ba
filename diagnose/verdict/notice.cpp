#include "diagnose/verdict/notice.hpp"

#include "diagnose/verdict/certificate_verdict.hpp"
#include "diagnose/verdict/evidence_text.hpp"
#include "diagnose/verdict/hello_verdict.hpp"
#include "diagnose/visit/conversation.hpp"

#include <algorithm>
#include <array>

namespace alert40::diagnose {
namespace {

using tls::FailureKind;
using tls::Phase;

bool offers_h2(Findings const& findings) {
    return std::ranges::count(findings.base.profile.alpn, "h2") != 0;
}

std::optional<Notice> about_alpn(Findings const& findings) {
    auto const& negotiated = findings.first().report.handshake.negotiated;
    if (!offers_h2(findings) || !negotiated || !negotiated->alpn.empty()) return std::nullopt;
    return Notice{
        "alpn-not-answered",
        "the answer has no ALPN, although h2 was offered: the server does not speak it, or something "
        "on the path takes it out. No alert is sent for that; apps that need h2 (gRPC) fail"};
}

std::optional<Notice> about_http1(Findings const& findings) {
    auto const* const alone = findings.alone("alpn-http1");
    if (!alone || alone->works()) return std::nullopt;
    auto const kind = alone->failure()->kind;
    bool const ours = alone->failure()->by == tls::By::local ||
                      (alone->failure()->alert && alone->failure()->alert->direction == tls::Direction::sent);
    if (kind == FailureKind::alpn || ours)
        return Notice{
            "alpn-forced",
            "the server chooses a protocol that was not offered: who offers http/1.1 alone fails (" +
                short_text(*alone->failure()) + ")"};
    return Notice{"http1-refused", "http/1.1 alone fails there (" + short_text(*alone->failure()) + ")"};
}

/// A session makes a hello larger, and that may be all that is wrong with it.
bool fails_by_its_size(Findings const& findings, Observation const& seen) {
    if (!findings.bisect || !findings.bisect->result.fails_from_bytes) return false;
    auto const& offered = seen.report.handshake.offered;
    return offered && offered->bytes >= *findings.bisect->result.fails_from_bytes;
}

std::optional<Notice> about_resumption(Findings const& findings) {
    auto const* const second = findings.alone("resumption");
    if (!second) return std::nullopt;
    if (!second->works() && fails_by_its_size(findings, *second)) return std::nullopt;
    if (!second->works())
        return Notice{"session-refused", "resuming a session fails there (" + short_text(*second->failure()) +
                                             "), as where the members of a fleet differ"};
    auto const& handshake = second->report.handshake;
    if (handshake.offered && handshake.offered->resumption && handshake.negotiated &&
        !handshake.negotiated->resumed)
        return Notice{"session-declined",
                      "it gives session tickets and declines them: every handshake is a full one"};
    return std::nullopt;
}

std::optional<Notice> about_segments(Findings const& findings) {
    auto const* const cut = findings.alone("segments");
    if (!cut || cut->works()) return std::nullopt;
    return Notice{"hello-in-segments",
                  "a ClientHello that comes in two segments fails (" + short_text(*cut->failure()) +
                      "): apps whose hello is large fail there now and then, or always (https://tldr.fail)"};
}

/// Of a hello that another client would send.
std::optional<Notice> about_hello(Findings const& findings) {
    if (!findings.bisect) return std::nullopt;
    auto const verdict = judge_hello("chromium", *findings.bisect);
    if (verdict.kind != Verdict::Kind::fails) return Notice{"hello-refused", verdict.sentence};
    return Notice{verdict.causes.front(), verdict.sentence};
}

std::optional<Notice> about_ways(Findings const& findings) {
    for (auto const& one : findings.tried) {
        if (one.observation.works() || one.changes.size() != 1) continue;
        // An address that cannot be reached from here may be one of a network that is not there (IPv6).
        if (one.observation.failure()->phase < Phase::client_hello) continue;
        auto const& change = one.changes.front();
        if (change.name == "address" || change.name == "resolver")
            return Notice{"one-bad-backend",
                          change.words + " it fails (" + short_text(*one.observation.failure()) + ")"};
    }
    return std::nullopt;
}

std::optional<Notice> about_http2(Findings const& findings) {
    auto const& visited = findings.first().visited;
    if (!visited || visited->protocol != "h2") return std::nullopt;
    if (visited->initial_window == 0U)
        return Notice{"no-upload-window",
                      "the server opens no window for uploads: what an app sends over h2 stands still"};
    if (visited->complete && !visited->settings_acknowledged)
        return Notice{"settings-unanswered",
                      "the server does not acknowledge SETTINGS: some clients give up after a while"};
    return std::nullopt;
}

std::optional<Notice> about_status(Findings const& findings) {
    auto const& visited = findings.first().visited;
    if (!visited || visited->status < 500) return std::nullopt;
    return Notice{"server-error", "the server answers with status " + std::to_string(visited->status) +
                                      ": the handshake is not at fault"};
}

std::optional<Notice> about_body(Findings const& findings) {
    auto const& visited = findings.first().visited;
    if (!visited || visited->failure || visited->complete || visited->body_bytes >= most_body)
        return std::nullopt;
    return Notice{"body-unfinished",
                  "the response has not ended after " + std::to_string(visited->body_bytes) +
                      " bytes: it is a stream, or it stands still; the handshake is not at fault"};
}

/// An alert that means one thing only, and that nothing which was tried has changed.
struct CertainAlert {
    tls::AlertDescription description;
    std::string_view cause;
    std::string_view sentence;
};

constexpr auto certain_alerts = std::to_array<CertainAlert>({
    {tls::AlertDescription::insufficient_security, "stronger-parameters-wanted",
     "the server wants stronger parameters than were offered, by its alert 71: a weaker offer cannot help, "
     "and "
     "was not tried"},
    {tls::AlertDescription::missing_extension, "extension-missing",
     "the server misses an extension that it needs, by its alert 109; what was offered has all that the RFCs "
     "want"},
});

std::optional<KnownEnd> end_by_alert(tls::Failure const& failure) {
    if (!failure.alert || failure.alert->direction != tls::Direction::received) return std::nullopt;
    auto const found =
        std::ranges::find(certain_alerts, failure.alert->description, &CertainAlert::description);
    if (found == certain_alerts.end()) return std::nullopt;
    return KnownEnd{{std::string(found->cause)}, std::string(found->sentence), true};
}

/// What a server says of a client certificate that it does not take.
struct Objection {
    tls::AlertDescription description;
    std::string_view words;
};

constexpr auto objections = std::to_array<Objection>({
    {tls::AlertDescription::bad_certificate, ": it cannot verify it, or its signature"},
    {tls::AlertDescription::unsupported_certificate, ": it is of a kind that is not taken there"},
    {tls::AlertDescription::certificate_revoked, ": it was revoked"},
    {tls::AlertDescription::certificate_expired, ": it has expired"},
    {tls::AlertDescription::unknown_ca, ": it does not know who signed it, or an intermediate is missing"},
    {tls::AlertDescription::access_denied, ": it is valid, and its owner may not come in"},
});

std::optional<KnownEnd> certificate_refused(Findings const& findings) {
    auto const* const seen = findings.alone("client-certificate");
    if (!seen || seen->works()) return std::nullopt;
    auto const& failure = *seen->failure();
    std::string why;
    if (failure.alert)
        for (auto const& one : objections)
            if (one.description == failure.alert->description) why = one.words;
    return KnownEnd{{"client-certificate-refused"},
                    "the server demands a client certificate, and does not accept this one (" +
                        short_text(failure) + ")" + why,
                    failure.kind != FailureKind::http};
}

/// One client's own hello works, and nothing may be added to it.
std::optional<KnownEnd> rule_by_fingerprint(Findings const& findings, tls::Failure const& failure) {
    auto const* const suite = findings.alone("suite-more");
    auto const* const extension = findings.alone("extension-more");
    if (!suite || !extension || suite->works() || extension->works()) return std::nullopt;
    std::string client;
    for (auto const& one : findings.tried)
        if (one.changes.front().name.starts_with("hello:") && one.observation.works())
            client = one.changes.front().name.substr(std::string_view("hello:").size());
    return KnownEnd{
        {"fingerprint-blocked"},
        "the server, or something on the path, refuses by the fingerprint of the ClientHello (" +
            short_text(failure) + "): that of " + client +
            " is answered, byte for byte, and refused with one cipher suite more or one extension "
            "more that means nothing to anybody",
        true};
}

} // namespace

std::vector<Notice> notices_of(Findings const& findings) {
    std::vector<Notice> notices;
    for (auto const about : {about_alpn, about_http1, about_resumption, about_segments, about_hello,
                             about_ways, about_http2, about_status, about_body})
        if (auto notice = about(findings)) notices.push_back(std::move(*notice));
    return notices;
}

Notice cause_of_way(Change const& change, Observation const& failed) {
    auto const& report = failed.report;
    if (change.name == "direct" && failed.failure()->kind == FailureKind::verify)
        return {"intercepting-proxy", "through the upstream proxy " + report.via +
                                          " comes a certificate that is not trusted here (issued by " +
                                          issuer_of(report.handshake) +
                                          "), and directly comes the server's own"};
    if (change.name == "direct")
        return {"upstream-proxy", "it fails through the upstream proxy " + report.via + " (" +
                                      short_text(*failed.failure()) + ") and works directly"};
    if (change.name == "address")
        return {"one-bad-backend", "it fails at " + report.address + " (" + short_text(*failed.failure()) +
                                       ") and works " + change.words};
    if (change.name == "resolver")
        return {"bad-resolver", "the resolver " + report.resolver + " leads to " +
                                    (report.address.empty() ? "nothing" : report.address) +
                                    ", where it fails (" + short_text(*failed.failure()) + "); it works " +
                                    change.words};
    return {};
}

std::optional<KnownEnd> known_end(Findings const& findings, Observation const& failed) {
    auto const& failure = *failed.failure();
    auto const* const other_name = findings.alone("other-server-name");
    auto const answers = [](Observation const* seen) {
        return seen && seen->report.handshake.negotiated.has_value();
    };

    if (failure.alert && failure.alert->description == tls::AlertDescription::unrecognized_name &&
        failure.alert->direction == tls::Direction::received)
        return KnownEnd{{"name-unknown"},
                        "the server does not know the name " + findings.target.host +
                            ": its alert 112 says so",
                        true};
    if (auto const rule = rule_by_fingerprint(findings, failure)) return rule;
    if (auto const refused = certificate_refused(findings)) return refused;
    if (failed.report.handshake.certificate_requested && failure.phase != Phase::certificate)
        return KnownEnd{{"client-certificate-required"},
                        "the server demands a client certificate, and none was given: " + short_text(failure),
                        failure.kind != FailureKind::http}; // a status may have other reasons
    if (failure.phase == Phase::client_hello && answers(other_name)) {
        if (is_cut(failure))
            return KnownEnd{{"name-filtered"},
                            "connections for the name " + findings.target.host +
                                " are dropped, and answered for another name at the same address: a filter "
                                "by name, on the path or at the server"};
        return KnownEnd{{"name-not-provisioned"},
                        "the server refuses the name " + findings.target.host +
                            ", and answers another one at the same address"};
    }
    if (auto const by_itself = end_by_alert(failure)) return by_itself;
    if (!failed.report.failure && failed.visited)
        return KnownEnd{
            {"http-broken"}, "the handshake is fine, and HTTP fails behind it: " + short_text(failure), true};
    if (findings.bisect && findings.bisect->result.verdict == BisectResult::Verdict::nothing_works)
        return KnownEnd{
            {"every-hello-refused"},
            "every ClientHello is refused (" + short_text(failure) +
                "), those of browsers and of old clients too: the server has no certificate or suite "
                "that it can use, or it refuses this client whatever it says"};
    if (failure.kind == FailureKind::timeout && failure.phase == Phase::client_hello)
        return KnownEnd{{"path-or-backend-silent"},
                        "nothing answers the ClientHello, whatever is in it: a path whose MTU is smaller "
                        "than it says, a filter, or a dead backend"};
    if (failure.kind == FailureKind::alert && failure.phase >= Phase::server_hello)
        return KnownEnd{{"refused-behind-the-hello"},
                        "the server has accepted versions, suites and groups, and refuses later (" +
                            short_text(failure) +
                            "): its own rules about this client (a certificate, an account, a fingerprint), "
                            "or a fault of its own"};
    return std::nullopt;
}

} // namespace alert40::diagnose
