#include "diagnose/verdict/hello_verdict.hpp"

#include "support/catch.hpp"

using namespace alert40::diagnose;
using Kind = Difference::Kind;

namespace {

Difference difference(Place place, std::uint16_t code = 0, Kind kind = Kind::added) {
    Difference one;
    one.place = place;
    one.code = code;
    one.kind = kind;
    return one;
}

BisectReport reduced_to(std::vector<std::vector<Difference>> causes) {
    BisectReport report;
    report.result.verdict = BisectResult::Verdict::reduced;
    report.result.failure = "alert 40 handshake_failure";
    report.result.causes = std::move(causes);
    if (!report.result.causes.empty()) report.result.cure = report.result.causes.front();
    return report;
}

} // namespace

TEST_CASE("differences stand for a cause where all of them are of one kind") {
    auto h2 = difference(Place::alpn);
    h2.name = "h2";
    CHECK(cause_of({h2}) == "h2-refused");
    CHECK(cause_of({difference(Place::size)}) == "large-hello");
    CHECK(cause_of({difference(Place::extensions, 16)}) == "alpn-refused");
    CHECK(cause_of({difference(Place::supported_versions, 0x0304)}) == "version-intolerant");
    CHECK(cause_of({difference(Place::supported_versions, 0x0302, Kind::removed)}) == "no-common-version");
    CHECK(cause_of({difference(Place::cipher_suites, 0xc02b, Kind::removed)}) == "no-common-cipher-suite");
    CHECK(cause_of({difference(Place::extensions, 35)}) == "extension-refused");
    CHECK(cause_of({difference(Place::extensions, 16, Kind::removed)}) == "extension-missing");
    CHECK(cause_of({h2, difference(Place::extensions, 35)}) == "hello-refused");
}

TEST_CASE("things that fail only together are told so, and independent ones each for itself") {
    auto const pair = judge_hello(
        "go", reduced_to({{difference(Place::extensions, 35), difference(Place::extensions, 5)}}));
    CHECK(pair.kind == Verdict::Kind::fails);
    CHECK(pair.sentence.find("together with") != std::string::npos);
    auto const either = judge_hello(
        "go", reduced_to({{difference(Place::extensions, 35)}, {difference(Place::extensions, 5)}}));
    CHECK(either.sentence.find("and, for itself,") != std::string::npos);
    CHECK(either.causes == std::vector<std::string>{"extension-refused"});
}

TEST_CASE("of many differences a person reads a few") {
    std::vector<Difference> many;
    for (std::uint16_t code = 0; code < 30; ++code)
        many.push_back(difference(Place::cipher_suites, code, Kind::removed));
    CHECK(together(many).ends_with("and 26 more"));
}

TEST_CASE("what a bisect could not find out is not claimed") {
    BisectReport report;
    CHECK(judge_hello("go", report).confidence == Confidence::low);
    report.result.verdict = BisectResult::Verdict::nothing_works;
    CHECK(judge_hello("go", report).kind == Verdict::Kind::unmendable);
    report.result.verdict = BisectResult::Verdict::works;
    CHECK(judge_hello("go", report).kind == Verdict::Kind::healthy);
    report.result.verdict = BisectResult::Verdict::intermittent;
    report.result.tally.worked = 6;
    report.result.tally.failed["alert 40"] = 4;
    CHECK(judge_hello("go", report).sentence.find("6 of 10") != std::string::npos);
}
