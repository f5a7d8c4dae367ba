#include "diagnose/verdict/certificate_verdict.hpp"

#include "diagnose/verdict/findings_sample.hpp"
#include "record/timestamp.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::diagnose;
using Names = std::vector<std::string>;

namespace {

Moment at(std::string_view text) {
    return record::parse_timestamp(text).value();
}

tls::CertificateSummary valid(std::string from, std::string to) {
    tls::CertificateSummary certificate;
    certificate.not_before = std::move(from);
    certificate.not_after = std::move(to);
    return certificate;
}

auto const of_2020 = valid("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");

/// In 2022, of a certificate of 2020; and what came as if it were 2020.
Findings expired(std::string date) {
    auto failed = failed_with(not_accepted("certificate has expired"));
    failed.report.started = at("2022-01-01T00:00:00Z");
    failed.report.handshake.certificates = {of_2020};
    auto answered = established();
    answered.report.started = failed.report.started;
    answered.visited->date = std::move(date);
    return mended_by(validity_change(at("2020-06-01T00:00:00Z")), failed, answered);
}

Verdict judged(Findings const& findings) {
    auto const verdict = certificate_verdict(findings, findings.unchanged.front());
    REQUIRE(verdict);
    return *verdict;
}

} // namespace

TEST_CASE("an expired certificate, or a clock that goes wrong: the server's clock is asked") {
    auto verdict = judged(expired("Sat, 01 Jan 2022 00:01:00 GMT"));
    CHECK(verdict.causes == Names{"certificate-expired"});
    CHECK(verdict.confidence == Confidence::high);

    verdict = judged(expired("Mon, 01 Jun 2020 00:00:00 GMT"));
    CHECK(verdict.causes == Names{"local-clock", "certificate-expired"});
    CHECK(verdict.sentence.find("most likely the clock here is wrong") != std::string::npos);
    CHECK(verdict.confidence == Confidence::medium);

    verdict = judged(expired(""));
    CHECK(verdict.causes == Names{"local-clock", "certificate-expired"});
    CHECK(verdict.confidence == Confidence::medium);
}

TEST_CASE("a chain that was never valid as a whole is not the clock's fault") {
    auto findings = expired("");
    findings.unchanged.front().report.handshake.certificates.push_back(
        valid("2021-06-01T00:00:00Z", "2023-01-01T00:00:00Z"));
    auto const verdict = judged(findings);
    CHECK(verdict.causes == Names{"certificate-expired"});
    CHECK(verdict.confidence == Confidence::high);
}

TEST_CASE("the moment at which a chain is valid is the one nearest to now") {
    CHECK(validity_of({of_2020}, at("2020-03-01T00:00:00Z")).now);
    CHECK(validity_of({of_2020}, at("2019-03-01T00:00:00Z")).nearest == at("2020-01-01T00:01:00Z"));
    auto const after = validity_of({of_2020}, at("2022-03-01T00:00:00Z"));
    CHECK(!after.now);
    CHECK(after.nearest == at("2020-12-31T23:59:00Z"));
    CHECK(!validity_of({}, at("2022-03-01T00:00:00Z")).nearest);
    CHECK(!validity_of({valid("never", "ever")}, at("2022-03-01T00:00:00Z")).nearest);
}

TEST_CASE("whoever has a certificate for nobody's name makes them as he goes") {
    auto failed = failed_with(not_accepted("self-signed certificate in certificate chain: CN=Corp"));
    failed.report.handshake.certificates = {of_2020};
    auto shown = established();
    auto findings = mended_by(nobodys_name_change(), failed, shown);
    CHECK(judged(findings).causes == Names{"certificate-not-trusted"});
    auto made = of_2020;
    made.names = {std::string(nobodys_name)};
    findings.tried.front().observation.report.handshake.certificates = {made};
    CHECK(judged(findings).causes == Names{"intercepting-proxy"});
    CHECK(objects_to_the_issuer(*failed.failure()));
    CHECK(!objects_to_the_issuer(not_accepted("certificate has expired")));
}
