#include "app/seen_hosts.hpp"

#include "app/exit.hpp"
#include "record/log_line.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::app;

namespace {

record::HandshakeRecord established(std::string const& host) {
    record::HandshakeRecord record;
    record.target.host = host;
    record.target.port = 443;
    record.handshake.negotiated = tls::Negotiated{};
    record.handshake.negotiated->version = "1.3";
    record.handshake.negotiated->alpn = "h2";
    return record;
}

record::HandshakeRecord refused(std::string const& host, std::optional<std::string> next = {}) {
    auto record = established(host);
    record.handshake.negotiated.reset();
    record.outcome = record::Outcome::failed;
    record.failure = tls::Failure{};
    record.failure->alert = tls::Alert{.level = tls::AlertLevel::fatal,
                                       .description = tls::AlertDescription::handshake_failure,
                                       .direction = tls::Direction::received};
    record.next = std::move(next);
    return record;
}

} // namespace

TEST_CASE("handshakes are counted by host, failures by what they were") {
    SeenHosts seen;
    seen.take(refused("b.example", "http1"));
    seen.take(refused("b.example", "http1"));
    seen.take(established("b.example"));
    seen.take(established("a.example"));
    auto const hosts = seen.hosts();
    REQUIRE(hosts.size() == 2);
    CHECK(hosts[0] == SeenHost{"a.example", 443, 1, 1, 0, "TLS 1.3 h2", {}});
    CHECK(hosts[1].handshakes == 3);
    CHECK(hosts[1].established == 1);
    CHECK(hosts[1].failures ==
          std::vector<SeenHost::Failure>{
              {"alert 40 handshake_failure received after client_hello", "http1", 2, ""}});
}

TEST_CASE("of a tunnel that was watched it says what could be seen") {
    auto const said = [](auto change) {
        auto record = established("a.example");
        record.outcome = record::Outcome::passed;
        record.handshake.offered = tls::Offered{};
        record.handshake.negotiated->alpn.clear();
        change(record.handshake);
        SeenHosts seen;
        seen.take(record);
        return seen.hosts().at(0).negotiated;
    };
    CHECK(said([](auto&) {}) == "TLS 1.3 watched");
    CHECK(said([](auto& shown) { shown.negotiated->alpn = "h2"; }) == "TLS 1.3 h2");
    CHECK(said([](auto& shown) { shown.negotiated.reset(); }) == "passed, unreadable");
    CHECK(said([](auto& shown) { shown = {}; }) == "passed, not TLS");
}

TEST_CASE("an app's handshake is no handshake with the origin, and shows that the app came") {
    SeenHosts seen;
    auto record = established("a.example");
    record.side = record::Side::downstream;
    seen.take(record);
    CHECK(seen.hosts().at(0).handshakes == 0);
    CHECK(to_text(seen.hosts()) == "  a.example:443  1x  intercepted; no new handshake with the origin\n");
    CHECK(since({}, seen.hosts()).size() == 1);
    CHECK(since(seen.hosts(), seen.hosts()).empty());
    record = refused("a.example");
    record.side = record::Side::downstream;
    seen.take(record);
    CHECK_THAT(seen.hosts().at(0).failures.at(0).what, Catch::StartsWith("with the app: alert 40"));
}

TEST_CASE("words and the first hint are those of the log") {
    auto record = refused("a.example");
    record.mode = "watch";
    record.handshake.offered = tls::Offered{};
    record.handshake.offered->alpn = {"h2", "http/1.1"};
    SeenHosts seen;
    seen.take(record);
    auto const failure = seen.hosts().at(0).failures.at(0);
    auto const line = record::log_line(record, {});
    CHECK_THAT(failure.what, Catch::StartsWith("alert 40 handshake_failure from the server"));
    REQUIRE_FALSE(failure.hint.empty());
    CHECK_THAT(line, Catch::Contains(failure.what) && Catch::Contains("hint: " + failure.hint));
    CHECK_THAT(to_text(seen.hosts()), Catch::Contains("\n         hint: " + failure.hint + '\n'));
}

TEST_CASE("hosts and kinds of failure are bounded") {
    SeenHosts seen;
    for (std::size_t i = 0; i < SeenHosts::most_hosts + 10; ++i)
        seen.take(established(std::to_string(i) + ".example"));
    CHECK(seen.hosts().size() == SeenHosts::most_hosts);
    for (std::size_t i = 0; i < SeenHosts::most_failures + 10; ++i)
        seen.take(refused("1.example", "step" + std::to_string(i)));
    for (auto const& host : seen.hosts())
        CHECK(host.failures.size() <= SeenHosts::most_failures);
}

TEST_CASE("what came since") {
    SeenHosts seen;
    seen.take(established("a.example"));
    seen.take(refused("b.example", "retry"));
    auto const before = seen.hosts();
    CHECK(since(before, seen.hosts()).empty());
    seen.take(refused("b.example", "retry"));
    seen.take(established("c.example"));
    auto const after = since(before, seen.hosts());
    REQUIRE(after.size() == 2);
    CHECK(after[0].host == "b.example");
    CHECK(after[0].handshakes == 1);
    CHECK(after[0].failures.at(0).times == 1);
    CHECK(after[1].host == "c.example");
}

TEST_CASE("over the control socket and back") {
    SeenHosts seen;
    seen.take(established("a.example"));
    seen.take(refused("b.example", "retry"));
    CHECK(parse_seen_hosts(to_json(seen.hosts())) == seen.hosts());
    CHECK(parse_seen_hosts(to_json(std::vector<SeenHost>{})).empty());
    auto const wrong =
        GENERATE("", "[]", "{}", R"({"hosts":[1]})", R"({"hosts":[{"host":"a","port":70000}]})",
                 R"({"error":"the commands are status and forget"})");
    CHECK_THROWS_AS(parse_seen_hosts(wrong), CommandError);
}

TEST_CASE("for a person") {
    SeenHosts seen;
    seen.take(established("a.example"));
    seen.take(refused("long.b.example", "retry"));
    seen.take(refused("long.b.example"));
    CHECK(to_text(seen.hosts()) ==
          "  a.example:443       1x  TLS 1.3 h2\n"
          "  long.b.example:443  2x  never established\n"
          "      1x alert 40 handshake_failure received after client_hello -> retry\n"
          "      1x alert 40 handshake_failure received after client_hello\n");
}
