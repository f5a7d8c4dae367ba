#include "proxy/upstream/pool.hpp"

#include "net/dial_bench.hpp"
#include "proxy/upstream/scene.hpp"
#include "proxy/upstream/tls_origin.hpp"
#include "support/catch.hpp"
#include "support/scripted_peer.hpp"

#include <string>

using namespace alert40;
using test::PeerSocket;
using test::Scene;
using test::ScriptedPeer;

namespace {

void serve(PeerSocket& socket) {
    while (!socket.read_until("\r\n\r\n").empty())
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

struct PlainScene : Scene {
    explicit PlainScene(policy::Policy policy)
        : Scene(std::move(policy)) {
        scheme = "http";
    }
};

} // namespace

TEST_CASE("what nobody asks for any more is forgotten, and found again when somebody does") {
    ScriptedPeer const origin{serve};
    PlainScene scene(test::policy_for(origin.port()));
    scene.ask();
    scene.until_all_answered();
    scene.tick_after(proxy::limits::idle_upstream);                                  // the connection goes
    scene.tick_after(proxy::limits::idle_upstream + 2 * proxy::limits::idle_origin); // and the pool
    auto const& again = scene.ask();
    scene.until_all_answered();
    CHECK(again.status == 200);
    CHECK(origin.connections() == 2);
}

TEST_CASE("new requests go by the new policy, over the connections that stand") {
    ScriptedPeer const origin{serve};
    auto policy = test::policy_for(origin.port());
    PlainScene scene(policy);
    scene.ask();
    scene.until_all_answered();

    SECTION("where it says the same") {
        scene.pool->use(test::snapshot_of(policy));
        scene.ask();
        scene.until_all_answered();
        CHECK(origin.connections() == 1);
    }
    SECTION("where the origin has moved") {
        test::ClosedPort const nobody;
        policy.rules[0].address->port = nobody.port();
        scene.pool->use(test::snapshot_of(policy));
        auto const& app = scene.ask();
        scene.until_all_answered();
        CHECK(app.status == 502);
    }
    SECTION("where a rule of another name says the same") {
        test::ClosedPort const nobody;
        policy.rules[0].name = "renamed";
        scene.pool->use(test::snapshot_of(policy));
        scene.tick_after(proxy::limits::idle_upstream);
        scene.ask();
        scene.until_all_answered();
        CHECK(origin.connections() == 2);
    }
}

TEST_CASE("a dial after a reload takes the ladder as it is now") {
    test::TlsServer const server{test::make_identity({})};
    ScriptedPeer const origin{[&](PeerSocket& socket) { test::TlsPeer(server, socket).serve_http1(); }};
    auto policy = test::policy_for(origin.port());
    policy.ladders.back().steps = {"only-http1", "both"};
    Scene scene(policy);
    scene.ask();
    scene.until_all_answered();
    scene.tick_after(proxy::limits::idle_upstream);

    auto const changed = GENERATE(as<std::string>{}, "a step", "all steps", "the rule");
    INFO(changed);
    auto renamed = *policy.profile("only-http1");
    renamed.name = "renamed";
    policy.profiles.push_back(renamed);
    if (changed == "a step") policy.ladders.back().steps.front() = "renamed";
    if (changed == "all steps") policy.ladders.back().steps = {"renamed"};
    if (changed == "the rule") policy.rules[0].ladder = policy::ProfileName{"renamed"};
    scene.pool->use(test::snapshot_of(policy));
    auto const& after = scene.ask();
    scene.until_all_answered();
    CHECK(after.status == 200);
    CHECK(scene.dials() == "only-http1 established; renamed established");
}

TEST_CASE("a run under way ends by the policy that it began with, for all who wait") {
    ScriptedPeer const silent{[](PeerSocket& socket) { socket.wait_for_end(); }};
    auto policy = test::policy_for(silent.port());
    Scene scene(policy);
    auto& first = scene.ask();
    scene.until([&] { return silent.connections() == 1; });
    first.exchange.reset();
    policy.ladders.back().timeouts.total = std::chrono::milliseconds{1};
    scene.pool->use(test::snapshot_of(policy));
    auto const& second = scene.ask();
    scene.until([&] { return second.over || silent.connections() > 1; });
    CHECK_FALSE(second.over);
}

TEST_CASE("a rule that ends is as if it were not there") {
    ScriptedPeer const origin{serve};
    auto policy = test::policy_for(origin.port());
    policy::Rule block;
    block.name = "not now";
    block.mode = policy::Mode::block;
    block.until = std::chrono::milliseconds{1};
    policy.rules.insert(policy.rules.begin(), block);
    PlainScene scene(std::move(policy));
    unsigned status = 0;
    while (status != 200) { // however slow this machine is, it ends
        auto const& app = scene.ask();
        scene.until_all_answered();
        status = app.status;
        REQUIRE((status == 200 || status == 403 || status == 502));
    }
    CHECK(origin.connections() == 1);
}

TEST_CASE("a listener that came to stand for another origin keeps the two apart") {
    ScriptedPeer const origin{serve};
    PlainScene scene(test::policy_for(origin.port()));
    scene.entrance.mapped = policy::Origin{"http", "one.test", 80};
    auto const& one = scene.ask();
    scene.until_all_answered();
    CHECK(one.exchange->request().authority == "one.test");
    scene.entrance.mapped = policy::Origin{"http", "two.test", 80};
    scene.tick_after(proxy::limits::idle_upstream);
    auto const& two = scene.ask();
    scene.until_all_answered();
    CHECK(two.exchange->request().authority == "two.test");
}

TEST_CASE("an origin that is not there is refused to everybody who waits") {
    test::ClosedPort const nobody;
    PlainScene scene(test::policy_for(nobody.port()));
    for (int i = 0; i < 20; ++i)
        scene.ask();
    scene.until_all_answered();
    for (auto const& app : scene.apps)
        CHECK(app->status == 502);
}

TEST_CASE("requests fail on purpose where a rule says so, and only there") {
    ScriptedPeer const origin{serve};
    auto policy = test::policy_for(origin.port());
    policy.rules[0].faults = {{.at = policy::FaultPoint::request,
                               .when = {.times = 1},
                               .action = policy::fault::Status{.code = 418}},
                              {.at = policy::FaultPoint::request,
                               .when = {.times = 1},
                               .action = policy::fault::Delay{std::chrono::milliseconds{1}}}};
    PlainScene scene(policy);
    auto const& first = scene.ask();
    scene.until_all_answered();
    CHECK(first.status == 418);
    CHECK(origin.connections() == 0);
    auto const& second = scene.ask(); // delayed
    scene.until_all_answered();
    CHECK(second.status == 200);
    CHECK(second.body == "ok");
    auto const& third = scene.ask();
    scene.until_all_answered();
    CHECK(third.status == 200);
}
