// How a dial ends early, and how it tells.

#include "net/dial.hpp"

#include "net/dial_bench.hpp"
#include "support/catch.hpp"
#include "support/scripted_peer.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>

using namespace alert40;
using namespace std::chrono_literals;
using test::PeerSocket;
using test::ScriptedPeer;

namespace {

/// Runs the loop until nothing more can come of what was cancelled.
void run_dry(net::EventLoop& loop) {
    loop.post([&] { loop.post([&] { loop.stop(); }); });
    loop.run();
}

} // namespace

TEST_CASE("`done` is called in a later turn, even where all is known at once") {
    net::EventLoop loop;
    net::Resolver resolver{loop};
    auto request = test::request_to(4040);
    request.own_listeners = {{"127.0.0.1", 4040}};
    bool told = false;
    auto const under_way = net::start_dial(loop, resolver, request, [&](net::Dialled) {
        told = true;
        loop.stop();
    });
    CHECK_FALSE(told);
    loop.run();
    CHECK(told);
}

TEST_CASE("a dial may be dropped from within its own `done`") {
    ScriptedPeer const peer{[](PeerSocket& socket) { socket.wait_for_end(); }};
    net::EventLoop loop;
    net::Resolver resolver{loop};
    std::unique_ptr<net::Dial> under_way;
    under_way = net::start_dial(loop, resolver, test::request_to(peer.port()), [&](net::Dialled) {
        under_way.reset();
        loop.stop();
    });
    loop.run();
    CHECK_FALSE(under_way);
}

TEST_CASE("a dial that is dropped leaves no socket and says nothing") {
    test::BlackHole const silent;
    test::MutePeer const mute;
    auto const connecting = test::request_to(silent.port());
    auto tunnelling = test::request_to(443);
    tunnelling.via = test::proxy_at(mute.port());
    auto shaking_hands = test::request_to(mute.port());
    shaking_hands.context = *tls::engine::ClientContext::make(*tls::built_in_profile("modern"));

    net::EventLoop loop;
    net::Resolver resolver{loop};
    auto const before = test::open_descriptors();
    for (auto const& request : {connecting, tunnelling, shaking_hands}) {
        auto dropped =
            net::start_dial(loop, resolver, request, [](net::Dialled) { FAIL("told of a dropped dial"); });
        CHECK(test::open_descriptors() == before + 1);
        dropped.reset();
        CHECK(test::open_descriptors() == before);
    }
    run_dry(loop);
}

TEST_CASE("a dial that is dropped while a name is looked up says nothing") {
    net::DialRequest request;
    request.origin = {"http", "origin.test", 80};
    request.via = test::direct();
    test::ClosedPort const nobody;
    request.resolver = {policy::Resolver::Kind::udp, "127.0.0.1", nobody.port()};
    net::EventLoop loop;
    net::Resolver resolver{loop};
    net::start_dial(loop, resolver, request, [](net::Dialled) { FAIL("told of a dropped dial"); }).reset();
    run_dry(loop);
}

TEST_CASE("a dial that is dropped after some turns") {
    test::MutePeer const mute;
    auto request = test::request_to(mute.port());
    request.context = *tls::engine::ClientContext::make(*tls::built_in_profile("modern"));
    net::EventLoop loop;
    net::Resolver resolver{loop};
    auto const before = test::open_descriptors();
    auto under_way =
        net::start_dial(loop, resolver, request, [](net::Dialled) { FAIL("told of a dropped dial"); });
    run_dry(loop);
    under_way.reset();
    CHECK(test::open_descriptors() == before);
}

TEST_CASE("a dial has one deadline over all its parts") {
    ScriptedPeer const proxy_then_silence{[](PeerSocket& socket) {
        socket.read_until("\r\n\r\n");
        std::this_thread::sleep_for(20ms);
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.wait_for_end();
    }};
    auto request = test::request_to(443);
    request.via = test::proxy_at(proxy_then_silence.port());
    request.context = *tls::engine::ClientContext::make(*tls::built_in_profile("modern"));
    request.timeouts.handshake = 8'001ms;
    request.timeouts.total = 900ms;
    auto const report = test::dial(request).report;
    REQUIRE(report.failure);
    CHECK(report.failure->phase == tls::Phase::client_hello);
    std::string const says = "no answer to the ClientHello within ";
    REQUIRE(report.failure->detail.starts_with(says));
    std::chrono::milliseconds const waited{std::stoi(report.failure->detail.substr(says.size()))};
    CHECK(waited <= 880ms); // what the proxy had left of it
}

TEST_CASE("a dial that has no time left ends") {
    test::BlackHole const silent;
    auto request = test::request_to(silent.port());
    request.timeouts.total = -5ms;
    CHECK(test::dial(request).report.failure->kind == tls::FailureKind::timeout);
}
