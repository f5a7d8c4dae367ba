#include "scene.hpp"

#include "support/catch.hpp"
#include "support/scripted_peer.hpp"

#include <sys/socket.h>

#include <array>

using namespace alert40;
using namespace alert40::test;

namespace {

void greet(PeerSocket& socket) {
    socket.write("hi");
    socket.wait_for_end();
}

policy::Policy with_mode(std::uint16_t port, policy::Mode mode) {
    auto policy = policy_for(port);
    policy.rules[0].mode = mode;
    return policy;
}

} // namespace

TEST_CASE("CONNECT is watched unless a rule says something else") {
    ScriptedPeer const origin{greet};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected("ORIGIN.test:443");
    app.has_stream = true;
    scene.until([&] { return app.text() == "hi"; });
    CHECK_FALSE(app.gave_stream_for);
}

TEST_CASE("a blocked target is a 403 that names the rule") {
    ScriptedPeer const origin{greet};
    TunnelScene scene(with_mode(origin.port(), policy::Mode::block));
    auto& app = scene.connected();
    CHECK(app.status == 403);
    CHECK(app.text().find("test") != std::string::npos);
    CHECK(origin.connections() == 0);
    CHECK(scene.sink.taken() == 0);
}

TEST_CASE("a target that is none of HOST:PORT is a 400") {
    TunnelScene scene(policy_for(1));
    auto const* const target =
        GENERATE("", ":", "origin.test", "origin.test:0", "origin.test:65536", ":443", "a b:443", "[a:b]:443",
                 "a:b:443", "http://origin.test:443", "user@origin.test:443");
    CAPTURE(target);
    auto& app = scene.connected(target);
    CHECK(app.status == 400);
    CHECK_FALSE(app.granted);
}

TEST_CASE("a tunnel to ourselves is a loop") {
    ScriptedPeer const ourselves{greet};
    TunnelScene scene(policy_for(ourselves.port()), {{"127.0.0.1", ourselves.port()}});
    auto& app = scene.connected();
    CHECK(app.status == 502);
    CHECK(app.text().find("loop") != std::string::npos);
    CHECK(ourselves.connections() == 0);
}

TEST_CASE("a listener that stands for one origin takes no CONNECT of an app, and passes its own") {
    ScriptedPeer const origin{greet};
    TunnelScene scene(policy_for(origin.port()));
    scene.entrance.mapped = policy::Origin{"https", "origin.test", 443};
    SECTION("of an app") {
        CHECK(scene.connected().status == 400);
        CHECK(origin.connections() == 0);
    }
    SECTION("of TLS that it has read the name of") {
        scene.entrance.watched = true;
        CHECK(scene.connected().granted);
    }
}

TEST_CASE("an intercepted target takes the stream of the app") {
    ScriptedPeer const origin{greet};
    TunnelScene scene(with_mode(origin.port(), policy::Mode::intercept));
    auto& app = scene.prepare("origin.test:8443");
    app.has_stream = true;
    SECTION("which is given away") {
        app.exchange->start(false);
        CHECK(app.gave_stream_for == policy::Origin{"https", "origin.test", 8443});
        CHECK(origin.connections() == 0);
    }
    SECTION("unless its apps did not trust us lately") {
        scene.distrusting.insert("origin.test");
        app.exchange->start(false);
        scene.until([&] { return app.text() == "hi"; });
        CHECK_FALSE(app.gave_stream_for);
    }
    SECTION("unless it is decided already that it passes") {
        scene.entrance.watched = true;
        app.exchange->start(false);
        scene.until([&] { return app.text() == "hi"; });
        CHECK_FALSE(app.gave_stream_for);
    }
}

TEST_CASE("where a rule looks at the hello, it has to be read first") {
    TunnelScene scene([] {
        auto policy = policy_for(1);
        policy::Rule rule;
        rule.name = "only h2";
        rule.mode = policy::Mode::intercept;
        rule.match.client_hello.emplace();
        policy.rules.insert(policy.rules.begin(), rule);
        return policy;
    }());
    auto& app = scene.prepare("origin.test:443");
    app.has_stream = true;
    app.exchange->start(false);
    CHECK(app.gave_stream_for);
}

TEST_CASE("a stream that cannot be given away is intercepted at the other end of a pair") {
    TunnelScene scene(with_mode(1, policy::Mode::intercept));
    auto& app = scene.connect();
    CHECK(app.granted);
    CHECK(scene.intercepted == policy::Origin{"https", "origin.test", 443});
    REQUIRE(scene.far_end.open());

    app.say("to the gate");
    scene.settle();
    std::array<char, 64> bytes{};
    auto const n = ::recv(scene.far_end.fd(), bytes.data(), bytes.size(), 0);
    CHECK(std::string_view(bytes.data(), static_cast<std::size_t>(n)) == "to the gate");
    REQUIRE(::send(scene.far_end.fd(), "and back", 8, 0) == 8);
    scene.settle();
    CHECK(app.text() == "and back");
    SECTION("the gate ends") {
        scene.far_end = {};
        scene.settle();
        CHECK(app.ended);
    }
    SECTION("the gate resets") {
        scene.far_end.reset_at_end();
        scene.far_end = {};
        scene.settle();
        CHECK(app.aborted);
        CHECK_FALSE(app.ended);
    }
    SECTION("the app goes") {
        app.exchange.reset();
        scene.settle();
        CHECK(::recv(scene.far_end.fd(), bytes.data(), bytes.size(), 0) == 0);
    }
    CHECK(scene.sink.taken() == 0);
}
