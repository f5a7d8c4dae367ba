#include "diagnose/verdict/verdict.hpp"

#include "diagnose/verdict/findings_sample.hpp"
#include "diagnose/verdict/hello_change.hpp"
#include "diagnose/verdict/report.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace alert40;
using namespace alert40::diagnose;
using Kind = Verdict::Kind;
using Names = std::vector<std::string>;

namespace {

auto const refused = failed_with(alert(tls::AlertDescription::handshake_failure));

bool remedy_for(Verdict const& verdict, std::string_view who) {
    return std::ranges::count(verdict.remedies, who, &Remedy::who) != 0;
}

Findings works() {
    auto findings = mended_by(change_named("alpn-http1"), established(), established());
    findings.unchanged = {established()};
    findings.tried.clear();
    findings.mends.clear();
    findings.mended.clear();
    return findings;
}

Change resumption() {
    return {.name = "resumption", .words = "with a session", .apply = [](Trial& t) { t.resumption = true; }};
}

} // namespace

TEST_CASE("a failure that one change ends has a cause, a policy and remedies for each reader") {
    auto const verdict = judge(mended_by(change_named("alpn-http1"), refused, established("http/1.1")));
    CHECK(verdict.kind == Kind::fails);
    CHECK(verdict.causes == Names{"h2-refused"});
    CHECK(verdict.confidence == Confidence::high);
    CHECK(verdict.policy.find("alpn = [\"http/1.1\"]") != std::string::npos);
    for (auto const* who : {"now", "curl", "Node", "Python", "Go", "Java", "nginx"})
        CHECK(remedy_for(verdict, who));
    CHECK(std::ranges::none_of(verdict.remedies, &Remedy::weak));
    CHECK(verdict.evidence.size() == 2);
}

TEST_CASE("a remedy that weakens says so") {
    auto const verdict =
        judge(mended_by(change_named("old-versions"),
                        failed_with(alert(tls::AlertDescription::protocol_version)), established()));
    CHECK(verdict.causes == Names{"no-common-version"});
    REQUIRE(!verdict.remedies.empty());
    CHECK(verdict.remedies.front().weak);
}

TEST_CASE("a server that answers TLS_FALLBACK_SCSV by 86 is not to blame for the version") {
    auto const tls12 = change_named("tls12");
    auto findings = mended_by(tls12, refused, established());
    CHECK(judge(findings).causes == Names{"version-intolerant"});
    Change const scsv{
        .name = "fallback-scsv", .words = "a SCSV", .apply = [](Trial& t) { t.fallback_scsv = true; }};
    auto const answer = failed_with(alert(tls::AlertDescription::inappropriate_fallback));
    findings.tried.push_back({{tls12, scsv}, with(findings.base, {tls12, scsv}), answer});
    CHECK(judge(findings).causes == Names{"tls13-broken-on-the-way"});
    CHECK(judge(findings).confidence == Confidence::medium);
}

TEST_CASE("what was not confirmed is not said with high confidence") {
    auto findings = mended_by(change_named("alpn-http1"), refused, established("http/1.1"));
    findings.mended.resize(1);
    CHECK(judge(findings).confidence == Confidence::medium);
}

TEST_CASE("where only the certificate remains, the change is no way out") {
    auto const other = failed_with(not_accepted("it is for b.test"));
    auto const verdict = judge(mended_by(change_named("no-server-name"), refused, other));
    CHECK(verdict.kind == Kind::unmendable);
    CHECK(verdict.causes == Names{"name-not-provisioned"});
    CHECK(verdict.sentence.find("b.test") != std::string::npos);
    CHECK(verdict.policy.empty());
}

TEST_CASE("changes that only together mend it stand for a cause each") {
    auto findings = mended_by(change_named("all-suites"), refused, established());
    findings.mends.push_back(change_named("all-groups"));
    auto verdict = judge(findings);
    CHECK(verdict.causes == Names{"no-common-cipher-suite", "no-common-group"});
    CHECK(verdict.sentence.starts_with(
        "it works with every suite as well that this build has, and with every group"));
    CHECK(verdict.confidence == Confidence::high);

    findings.mends.push_back(change_named("tls12"));
    verdict = judge(findings);
    CHECK(verdict.causes.back() == "version-intolerant");
    CHECK(verdict.confidence == Confidence::medium);
}

TEST_CASE("without ECDHE it works, and yet the server has it: the group is missing") {
    auto findings = mended_by(change_named("static-rsa"), refused, established());
    CHECK(judge(findings).causes == Names{"no-common-cipher-suite"});
    auto const question = every_group_change(findings.target);
    findings.tried.push_back({{question}, with(findings.base, {question}), refused});
    CHECK(judge(findings).causes == Names{"no-common-cipher-suite"});
    findings.tried.back().observation = established();
    CHECK(judge(findings).causes == Names{"no-common-group"});
}

TEST_CASE("an alert that means one thing only is believed") {
    auto findings = works();
    auto const expect = [&](tls::AlertDescription description, std::string const& cause) {
        auto const seen = failed_with(alert(description));
        findings.unchanged = {seen, seen, seen};
        auto const verdict = judge(findings);
        CHECK(verdict.causes == Names{cause});
        CHECK(verdict.confidence == Confidence::high);
    };
    expect(tls::AlertDescription::insufficient_security, "stronger-parameters-wanted");
    expect(tls::AlertDescription::missing_extension, "extension-missing");
}

TEST_CASE("what was tried in vain is not called likely") {
    auto findings = works();
    findings.unchanged = {refused, refused, refused};
    CHECK(judge(findings).causes == Names{"h2-refused", "no-common-parameters"});
    auto again = refused;
    again.report.handshake.offered->alpn = {"http/1.1"};
    auto const change = change_named("alpn-http1");
    findings.tried = {{{change}, with(findings.base, {change}), again}};
    auto const causes = judge(findings).causes;
    CHECK(std::ranges::count(causes, "h2-refused") == 0);
}

TEST_CASE("works, nothing to mend") {
    auto const verdict = judge(works());
    CHECK(verdict.kind == Kind::healthy);
    CHECK(verdict.causes.empty());
    CHECK(report_text(works(), verdict, 80).starts_with("https://a.test: healthy\n"));
}

TEST_CASE("what makes other apps fail is told of a target that works") {
    auto findings = works();
    findings.unchanged.front().report.handshake.negotiated->alpn.clear();
    CHECK(judge(findings).causes == Names{"alpn-not-answered"});
    CHECK(judge(findings).kind == Kind::noticed);

    findings = works();
    findings.tried = {{{resumption()}, with(findings.base, {resumption()}), refused}};
    CHECK(judge(findings).causes == Names{"session-refused"});

    // A session makes the hello larger, and a large one fails whatever is in it.
    findings.bisect.emplace().result.verdict = BisectResult::Verdict::reduced;
    findings.bisect->result.causes = {{{.place = Place::size}}};
    findings.bisect->result.fails_from_bytes = 200;
    CHECK(judge(findings).causes == Names{"large-hello"});

    findings = works();
    findings.unchanged.front().visited->initial_window = 0;
    CHECK(judge(findings).causes == Names{"no-upload-window"});

    findings = works();
    findings.unchanged.front().visited->status = 503;
    CHECK(judge(findings).causes == Names{"server-error"});
}

TEST_CASE("now and then is a verdict of its own, with the rate and the address") {
    auto findings = works();
    findings.unchanged = {refused, established(), refused};
    findings.addresses = {{.address = "192.0.2.1", .tries = 4, .failures = 4},
                          {.address = "192.0.2.2", .tries = 4, .failures = 0}};
    auto const verdict = judge(findings);
    CHECK(verdict.kind == Kind::intermittent);
    CHECK(verdict.sentence.find("6 of 11") != std::string::npos);
    CHECK(verdict.sentence.find("always at 192.0.2.1, never at 192.0.2.2") != std::string::npos);
    CHECK(verdict.policy.find("address = \"192.0.2.2\"") != std::string::npos);
}

TEST_CASE("a certificate that is not accepted is told by what is wrong with it") {
    auto seen = failed_with(not_accepted("certificate has expired"));
    tls::CertificateSummary leaf;
    leaf.not_after = "2020-01-01T00:00:00Z";
    seen.report.handshake.certificates = {leaf};
    auto findings = works();
    findings.unchanged = {seen, seen, seen};
    auto const verdict = judge(findings);
    CHECK(verdict.causes == Names{"certificate-expired"});
    CHECK(verdict.sentence.find("2020-01-01") != std::string::npos);
    CHECK(verdict.confidence == Confidence::high);
}

TEST_CASE("a search that ended early claims nothing") {
    Findings findings;
    findings.stopped = "it was interrupted";
    auto const verdict = judge(findings);
    CHECK(verdict.kind == Kind::unknown);
    CHECK(verdict.confidence == Confidence::low);
}
