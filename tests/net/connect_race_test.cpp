#include "net/connect_race.hpp"

#include "net/dial_bench.hpp"
#include "support/catch.hpp"
#include "support/scripted_peer.hpp"

#include <optional>
#include <string>
#include <vector>

using namespace alert40;
using Catch::Matchers::Contains;
using net::ConnectRace;
using net::IpEndpoint;
using test::ScriptedPeer;

namespace {

std::vector<IpEndpoint> endpoints(std::vector<std::string> const& addresses, std::uint16_t port) {
    std::vector<IpEndpoint> all;
    for (auto const& address : addresses)
        all.push_back(*IpEndpoint::parse(address, port));
    return all;
}

ConnectRace::Result race(std::vector<IpEndpoint> places) {
    net::EventLoop loop;
    std::optional<ConnectRace::Result> result;
    ConnectRace one{loop, std::move(places), [&](ConnectRace::Result outcome) {
                        result.emplace(std::move(outcome));
                        loop.stop();
                    }};
    one.start();
    if (!result) loop.run();
    return std::move(*result);
}

void wait(test::PeerSocket& peer) {
    peer.wait_for_end();
}

} // namespace

TEST_CASE("the only address answers") {
    ScriptedPeer const peer{wait};
    auto const connected = race(endpoints({"127.0.0.1"}, peer.port()));
    REQUIRE(connected.has_value());
    CHECK(connected->endpoint.text() == "127.0.0.1:" + std::to_string(peer.port()));
    CHECK(connected->socket.open());
}

TEST_CASE("an address that refuses lets the next one start at once") {
    ScriptedPeer const peer{wait};
    auto const connected = race(endpoints({"127.0.0.2", "127.0.0.3", "127.0.0.1"}, peer.port()));
    REQUIRE(connected.has_value());
    CHECK(connected->endpoint.address() == "127.0.0.1");
}

TEST_CASE("an address that is silent is overtaken") {
    test::BlackHole const silent;
    ScriptedPeer const peer{wait, "127.0.0.2", silent.port()};
    auto const connected = race(endpoints({"127.0.0.1", "127.0.0.2"}, silent.port()));
    REQUIRE(connected.has_value());
    CHECK(connected->endpoint.address() == "127.0.0.2");
}

TEST_CASE("the families take turns") {
    // 127.0.0.2 and 127.0.0.1 refuse; were they both tried before IPv6, the detail would say so
    test::ClosedPort const closed;
    auto const failure =
        race(endpoints({"127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"}, closed.port())).error();
    auto const port = std::to_string(closed.port());
    CHECK(failure.detail == "127.0.0.1:" + port + ": connection refused, [::1]:" + port +
                                ": connection refused, 127.0.0.2:" + port +
                                ": connection refused, 127.0.0.3:" + port + ": connection refused");
}

TEST_CASE("where all fail each is named") {
    test::ClosedPort const closed;
    auto places = endpoints({"127.0.0.1", "127.0.0.2"}, closed.port());
    places.insert(places.begin(),
                  *IpEndpoint::parse("255.255.255.255", closed.port())); // no way there for TCP
    auto const failure = race(std::move(places)).error();
    CHECK(failure.phase == tls::Phase::connect);
    CHECK(failure.kind == tls::FailureKind::refused);
    CHECK_THAT(failure.detail,
               Contains("255.255.255.255:") && Contains("127.0.0.1:") && Contains("127.0.0.2:"));
}

TEST_CASE("no way to the only address is `unreachable`") {
    CHECK(race(endpoints({"255.255.255.255"}, 443)).error().kind == tls::FailureKind::unreachable);
}

TEST_CASE("a race that is given up leaves no socket") {
    test::BlackHole const silent;
    net::EventLoop loop;
    auto const before = test::open_descriptors();
    {
        ConnectRace one{loop, endpoints({"127.0.0.1"}, silent.port()), [](ConnectRace::Result) { FAIL(); }};
        one.start();
        CHECK(test::open_descriptors() == before + 1);
    }
    CHECK(test::open_descriptors() == before);
}
