#include "scene.hpp"

using namespace alert40;
using namespace alert40::test;
using namespace std::chrono_literals;
namespace limits = proxy::limits;

namespace {

std::string alert(char description) {
    return std::string("\x15\x03\x01\x00\x02\x02", 6) + description;
}

} // namespace

TEST_CASE("a blocked target is told access_denied") {
    GateScene scene;
    scene.decision.mode = policy::Mode::block;
    scene.start().says(scene.hello());
    CHECK(scene.app.hear() == alert(49));
    CHECK(scene.app.ended);
    CHECK(scene.is_closed);
}

TEST_CASE("behind a hosts entry a hello without a name is told unrecognized_name") {
    GateScene scene;
    scene.entrance.tls_listener = scene.entrance.by_sni = true;
    scene.entrance.mapped = policy::Origin{"https", "sni", 443};
    scene.start(std::nullopt).says(scene.hello({.name = "127.0.0.1"}));
    CHECK(scene.app.hear() == alert(112));
    CHECK(scene.is_closed);
    CHECK(scene.decided_about.empty());
}

TEST_CASE("where the authority may not sign, the record says why, and the app gets internal_error") {
    GateScene scene({"permitted.test"});
    SECTION("outside of its constraints") {}
    SECTION("there is no place for an authority") {
        scene.interceptor.use({});
    }
    scene.start().says(scene.hello({.trusts = false}));
    CHECK(scene.app.hear() == alert(80));
    CHECK(scene.is_closed);
    auto const record = scene.only_record();
    CHECK(record.mode == "intercept");
    CHECK(record.outcome == record::Outcome::failed);
    CHECK(record.rules == std::vector<std::string>{"ours"});
    REQUIRE(record.handshake.offered);
    CHECK(record.handshake.offered->server_name == "origin.test");
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::local);
    CHECK_FALSE(record.failure->detail.empty());
}

TEST_CASE("within its constraints it signs") {
    GateScene scene({"permitted.test"});
    scene.start(policy::Origin{"https", "api.permitted.test", 443}).handshake({.name = "api.permitted.test"});
    CHECK(scene.is_open);
}

TEST_CASE("an app that does not trust the authority is recorded, and then watched where a rule says so") {
    auto const version = GENERATE(tls::ProtocolVersion::tls1_2, tls::ProtocolVersion::tls1_3);
    bool const watches_then = GENERATE(true, false);
    GateScene scene;
    if (watches_then) scene.decision.watch_if_untrusted = 10min;
    scene.start().handshake({.trusts = false, .version = version});
    CHECK(scene.is_closed);
    auto const record = scene.only_record();
    CHECK(record.outcome == record::Outcome::failed);
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::downstream);
    REQUIRE(record.failure->alert);
    CHECK(record.failure->alert->description == tls::AlertDescription::unknown_ca);
    CHECK(record.failure->alert->direction == tls::Direction::received);
    CHECK(scene.interceptor.distrusted("origin.test") == watches_then);
    REQUIRE(record.notes.size() == (watches_then ? 1u : 0u));
    if (watches_then) CHECK(record.notes[0].find("for 10m") != std::string::npos);
}

TEST_CASE("an app that was distrustful lately passes") {
    GateScene scene;
    scene.interceptor.distrust("origin.test", 1h);
    scene.start();
    auto const hello = scene.hello();
    scene.says(hello);
    CHECK(scene.passed == policy::Origin{"https", "origin.test", 443});
    CHECK(scene.received == hello);
}

TEST_CASE("to hang up at the sight of the certificate is distrust, too") {
    auto const version = GENERATE(tls::ProtocolVersion::tls1_2, tls::ProtocolVersion::tls1_3);
    GateScene scene;
    scene.decision.watch_if_untrusted = 10min;
    scene.start().says(scene.hello({.version = version}));
    CHECK_FALSE(scene.app.hear().empty());
    scene.app.close();
    scene.settle();
    CHECK(scene.is_closed);
    CHECK(scene.interceptor.distrusted("origin.test"));
    auto const record = scene.only_record();
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::downstream);
    CHECK(record.failure->kind == tls::FailureKind::eof);
    CHECK(record.notes.size() == 1);
}

TEST_CASE("a handshake that breaks in another way is no distrust") {
    GateScene scene;
    scene.decision.watch_if_untrusted = 10min;
    scene.start().says(scene.hello());
    scene.says(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x')); // of nobody's keys
    CHECK(scene.is_closed);
    CHECK_FALSE(scene.interceptor.distrusted("origin.test"));
    CHECK(scene.only_record().outcome == record::Outcome::failed);
}

TEST_CASE("an end before the hello is whole is nothing to record") {
    GateScene scene;
    scene.start().says(scene.hello().substr(0, 50));
    SECTION("the app's") {
        scene.app.finish();
        scene.settle();
    }
    SECTION("it goes") {
        scene.app.close();
        scene.settle();
    }
    SECTION("a drain") {
        scene.gate->drain();
    }
    SECTION("it takes too long") {
        scene.gate->on_tick(scene.loop.now() + limits::request_head_time - 1s);
        CHECK_FALSE(scene.is_closed);
        scene.gate->on_tick(scene.loop.now() + limits::request_head_time);
    }
    CHECK(scene.is_closed);
    CHECK(scene.sink.taken() == 0);
}

TEST_CASE("a handshake under way has a deadline of its own, and ends with a drain") {
    GateScene scene;
    scene.start().says(scene.hello());
    scene.gate->on_tick(scene.loop.now() + limits::request_head_time);
    CHECK_FALSE(scene.is_closed);
    scene.gate->drain();
    CHECK(scene.is_closed);
    scene.settle();
    scene.app.hear();
    CHECK(scene.app.ended);
}

TEST_CASE("a hello without end is not kept without end") {
    GateScene scene;
    scene.start(std::nullopt);
    std::string record("\x16\x03\x01\x40\x00", 5);
    record += std::string("\x01\xff\xff\xff", 4) + std::string(16380, '\0');
    for (int i = 0; i < 20 && !scene.is_closed; ++i) {
        scene.says(record);
        record = std::string("\x16\x03\x01\x40\x00", 5) + std::string(16384, '\0');
    }
    CHECK(scene.is_closed);
    CHECK(scene.sink.taken() == 0);
}
