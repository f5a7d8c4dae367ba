#include "app/status_report.hpp"

#include "app/exit.hpp"
#include "support/catch.hpp"

using namespace alert40::app;
using namespace std::chrono_literals;

namespace {

StatusReport::Time const start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

StatusReport sample() {
    StatusReport report;
    report.pid = 4711;
    report.started = start;
    report.listening = {"127.0.0.1:4040", "127.0.0.1:4050 -> https://a.example"};
    report.policy = "policy.toml";
    report.loaded = start + 1h;
    report.problem = "policy.toml:3:1: unknown key";
    report.record_file = "/var/handshakes.jsonl";
    report.rules = {{"cursor", std::nullopt}, {"for now", start + 2h}};
    report.learned = {{.host = "a.example",
                       .ladder = "standard",
                       .step = 1,
                       .profile = "http1",
                       .reason = "alert 40 handshake_failure received",
                       .learned = start + 1h,
                       .expires = start + 70min}};
    report.diagnosed = {{"https://b.example", start + 50min, "the server wants a name", "high"}};
    return report;
}

} // namespace

TEST_CASE("a report comes back as it went") {
    CHECK(parse_status_report(to_json(sample())) == sample());
    CHECK(parse_status_report(to_json({})) == StatusReport{});
}

TEST_CASE("what no proxy would send is refused") {
    auto const text = GENERATE("", "[]", "{}", R"({"pid":"x"})", R"({"error":"no"})");
    CHECK_THROWS_AS(parse_status_report(text), CommandError);
}

TEST_CASE("a report for a person") {
    CHECK(to_text(sample(), start + 62min) ==
          "alert40, process 4711, up for 1h 2m\n"
          "listening on 127.0.0.1:4040\n"
          "listening on 127.0.0.1:4050 -> https://a.example\n"
          "policy: policy.toml, loaded 2m ago\n"
          "the last reload was refused: policy.toml:3:1: unknown key\n"
          "records: /var/handshakes.jsonl\n"
          "rules\n"
          "  cursor\n"
          "  for now  ends in 58m\n"
          "learned\n"
          "  HOST       PROFILE  LADDER       EXPIRES IN  BECAUSE OF\n"
          "  a.example  http1    standard #2  8m          alert 40 handshake_failure received\n"
          "diagnosed\n"
          "  https://b.example  12m ago, confidence high  the server wants a name\n");
}

TEST_CASE("nothing learned is said as well, and a rule that is over") {
    StatusReport report;
    report.started = report.loaded = start;
    report.policy = "the built-in policy";
    report.rules = {{"for now", start + 1s}};
    CHECK(to_text(report, start + 61s) ==
          "alert40, process 0, up for 1m 1s\n"
          "policy: the built-in policy, loaded 1m 1s ago\n"
          "rules\n"
          "  for now  is over\n"
          "learned: nothing; every origin takes the first step of its ladder\n");
}
