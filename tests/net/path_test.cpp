// Everything of a dial that comes before TLS.

#include "net/dial_bench.hpp"
#include "net/resolver/scripted_dns.hpp"
#include "support/catch.hpp"
#include "support/scripted_peer.hpp"

#include <chrono>
#include <string>

using namespace alert40;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::dial;
using test::PeerSocket;
using test::request_to;
using test::ScriptedPeer;
using tls::FailureKind;
using tls::Phase;

namespace {

void wait(PeerSocket& peer) {
    peer.wait_for_end();
}

/// Answers CONNECT so, then waits.
ScriptedPeer::Script proxy_that_says(std::string answer) {
    return [answer = std::move(answer)](PeerSocket& peer) {
        peer.read_until("\r\n\r\n");
        peer.write(answer);
        peer.wait_for_end();
    };
}

net::DialRequest request_via(std::uint16_t proxy_port) {
    net::DialRequest request;
    request.origin = {"http", "origin.test", 80};
    request.via = test::proxy_at(proxy_port);
    return request;
}

net::EnvironmentProxy environment_with(std::uint16_t proxy_port, std::string no_proxy = {}) {
    auto const url = "http://127.0.0.1:" + std::to_string(proxy_port);
    return {.https = url, .http = url, .no_proxy = std::move(no_proxy)};
}

constexpr auto tunnel_stands = "HTTP/1.1 200 OK\r\n\r\n";

} // namespace

TEST_CASE("a plain origin is connected to, at the address that the policy pins") {
    ScriptedPeer const peer{wait};
    auto const dialled = dial(request_to(peer.port()));
    auto const& report = dialled.report;
    CHECK_FALSE(report.failure);
    CHECK(report.address == "127.0.0.1");
    CHECK(report.port == peer.port());
    CHECK(report.resolver == "pinned");
    CHECK(report.via == "direct");
    CHECK(report.resolve <= report.connect);
    CHECK(*report.connect <= report.total);
    CHECK_FALSE(report.first_byte);
    CHECK_FALSE(dialled.tls);
    REQUIRE(dialled.socket.open());
}

TEST_CASE("`address` may pin the port alone, or a name") {
    ScriptedPeer const peer{wait};
    auto request = request_to(peer.port(), "");
    request.origin.host = "127.0.0.1";
    CHECK(dial(request).report.resolver == "literal");
    request.address = policy::Address{"some.localhost", peer.port()};
    auto const report = dial(request).report;
    CHECK_FALSE(report.failure);
    CHECK(report.resolver == "system");
    CHECK(report.address == "127.0.0.1");
}

TEST_CASE("nobody listens") {
    test::ClosedPort const closed;
    auto const dialled = dial(request_to(closed.port()));
    REQUIRE(dialled.report.failure);
    CHECK(dialled.report.failure->by == tls::By::upstream);
    CHECK(dialled.report.failure->phase == Phase::connect);
    CHECK(dialled.report.failure->kind == FailureKind::refused);
    CHECK(dialled.report.failure->detail ==
          "127.0.0.1:" + std::to_string(closed.port()) + ": connection refused");
    CHECK(dialled.report.address == "127.0.0.1");
    CHECK_FALSE(dialled.report.connect);
    CHECK_FALSE(dialled.socket.open());
}

TEST_CASE("nobody answers") {
    test::BlackHole const silent;
    auto request = request_to(silent.port());
    request.timeouts.connect = 50ms;
    auto const report = dial(request).report;
    REQUIRE(report.failure);
    CHECK(report.failure->phase == Phase::connect);
    CHECK(report.failure->kind == FailureKind::timeout);
    CHECK(report.failure->detail ==
          "127.0.0.1:" + std::to_string(silent.port()) + ": no answer within 50 ms");
}

TEST_CASE("no name server answers") {
    test::BlackHole const silent; // nobody reads UDP there either
    net::DialRequest request;
    request.origin = {"http", "origin.test", 80};
    request.via = test::direct();
    request.resolver = {policy::Resolver::Kind::tcp, "127.0.0.1", silent.port()};
    request.timeouts.connect = 50ms;
    auto const report = dial(request).report;
    REQUIRE(report.failure);
    CHECK(report.failure->phase == Phase::resolve);
    CHECK(report.failure->kind == FailureKind::timeout);
    CHECK_THAT(report.failure->detail, Contains("origin.test (tcp://127.0.0.1:"));
    CHECK_FALSE(report.resolve);
}

namespace {

/// Speaks SOCKS5, says that the connection stands, and keeps the request for CONNECT.
ScriptedPeer::Script socks_proxy(std::string& asked) {
    return [&asked](PeerSocket& peer) {
        using namespace std::string_literals;
        peer.read_some();
        peer.write("\x05\0"s);
        asked = peer.read_some();
        peer.write("\x05\0\0\x01\0\0\0\0\0\0hello"s);
        peer.wait_for_end();
    };
}

} // namespace

TEST_CASE("a SOCKS5 proxy gives a tunnel, and looks the name up itself or not, as its URL says") {
    std::string asked;
    net::Dialled dialled;
    bool const by_proxy = GENERATE(true, false);
    {
        ScriptedPeer const proxy{socks_proxy(asked)};
        auto request = request_via(proxy.port());
        request.via.kind = by_proxy ? policy::Via::Kind::socks5h : policy::Via::Kind::socks5;
        request.origin.host = "origin.localhost";
        dialled = dial(request);
    }
    REQUIRE_FALSE(dialled.report.failure);
    CHECK_THAT(dialled.report.via, Contains(by_proxy ? "socks5h://127.0.0.1:" : "socks5://127.0.0.1:"));
    CHECK(dialled.report.resolver == (by_proxy ? "proxy" : "system"));
    CHECK_THAT(asked, Contains(by_proxy ? "origin.localhost" : std::string{"\x01\x7f\0\0\x01", 5}));
    std::array<char, 16> left{};
    CHECK(::recv(dialled.socket.fd(), left.data(), left.size(), 0) == 5); // "hello"
}

TEST_CASE("one of our own listeners is a loop") {
    ScriptedPeer const peer{wait};
    auto request = request_to(peer.port());
    request.own_listeners = {{"0.0.0.0", peer.port()}};
    auto const address = GENERATE("127.0.0.1", "localhost", "127.4.3.2");
    request.address->host = address;
    auto const report = dial(request).report;
    REQUIRE(report.failure);
    CHECK(report.loop);
    CHECK(report.failure->by == tls::By::local);
    CHECK(report.failure->kind == FailureKind::refused);
    CHECK_THAT(report.failure->detail, Contains("loop"));
    CHECK(peer.connections() == 0);
}

TEST_CASE("a proxy gives a tunnel, and what follows its answer stays in the socket") {
    std::string asked;
    ScriptedPeer const proxy{[&](PeerSocket& peer) {
        asked = peer.read_until("\r\n\r\n");
        peer.write(std::string{tunnel_stands} + "hello");
        peer.wait_for_end();
    }};
    auto request = request_via(proxy.port());
    request.via.username = "me";
    request.via.password = "secret";
    {
        auto const dialled = dial(request);
        REQUIRE_FALSE(dialled.report.failure);
        CHECK(dialled.report.via == "http://127.0.0.1:" + std::to_string(proxy.port()));
        CHECK(dialled.report.resolver == "proxy");
        CHECK(dialled.report.address == "127.0.0.1");
        std::array<char, 16> rest{};
        CHECK(::recv(dialled.socket.fd(), rest.data(), rest.size(), 0) == 5);
        CHECK(std::string{rest.data()} == "hello");
    }
    CHECK_THAT(asked, Contains("CONNECT origin.test:80 HTTP/1.1\r\n") && Contains("Basic bWU6c2VjcmV0\r\n"));
}

TEST_CASE("a proxy is asked for the address that the policy pins") {
    std::string asked;
    ScriptedPeer const proxy{[&](PeerSocket& peer) {
        asked = peer.read_until("\r\n\r\n");
        peer.write(tunnel_stands);
        peer.wait_for_end();
    }};
    auto request = request_via(proxy.port());
    request.address = policy::Address{"192.0.2.7", 8443};
    CHECK_FALSE(dial(request).report.failure);
    CHECK_THAT(asked, Contains("CONNECT 192.0.2.7:8443 "));
}

TEST_CASE("a proxy's answer may trickle in") {
    ScriptedPeer const proxy{[](PeerSocket& peer) {
        peer.read_until("\r\n\r\n");
        for (char const c : std::string_view{tunnel_stands})
            peer.write({&c, 1});
        peer.wait_for_end();
    }};
    CHECK_FALSE(dial(request_via(proxy.port())).report.failure);
}

TEST_CASE("a proxy refuses or fails") {
    struct Row {
        std::string answer;
        FailureKind kind;
        std::string says;
    };

    auto const row = GENERATE(
        Row{"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", FailureKind::refused, "wants credentials"},
        Row{"HTTP/1.1 502 Bad Gateway\r\n\r\n", FailureKind::refused, "502 Bad Gateway"},
        Row{"\x15\x03\x01\x02\x02\x28 garbage\r\n\r\n", FailureKind::malformed, "not HTTP"},
        Row{"HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x'), FailureKind::malformed, "too large"});
    ScriptedPeer const proxy{proxy_that_says(row.answer)};
    auto const dialled = dial(request_via(proxy.port()));
    REQUIRE(dialled.report.failure);
    CHECK(dialled.report.failure->phase == Phase::proxy_connect);
    CHECK(dialled.report.failure->kind == row.kind);
    CHECK_THAT(dialled.report.failure->detail, Contains(row.says) && Contains("proxy http://127.0.0.1:"));
    CHECK_FALSE(dialled.socket.open());
}

TEST_CASE("a proxy hangs up, resets, or says nothing") {
    ScriptedPeer const closes{[](PeerSocket& peer) {
        peer.read_until("\r\n\r\n");
        peer.write("HTTP/1.1 20");
    }};
    CHECK(dial(request_via(closes.port())).report.failure->kind == FailureKind::eof);

    ScriptedPeer const resets{[](PeerSocket& peer) {
        peer.read_until("\r\n\r\n");
        peer.reset();
    }};
    CHECK(dial(request_via(resets.port())).report.failure->kind == FailureKind::reset);

    ScriptedPeer const silent{wait};
    auto request = request_via(silent.port());
    request.timeouts.connect = 50ms;
    auto const failure = *dial(request).report.failure;
    CHECK(failure.kind == FailureKind::timeout);
    CHECK(failure.phase == Phase::proxy_connect);
    CHECK_THAT(failure.detail, Contains("no answer to CONNECT within 50 ms"));
}

TEST_CASE("a proxy that is not there") {
    test::ClosedPort const closed;
    auto const failure = *dial(request_via(closed.port())).report.failure;
    CHECK(failure.phase == Phase::connect);
    CHECK(failure.kind == FailureKind::refused);
    CHECK_THAT(failure.detail, Contains("proxy http://127.0.0.1:"));
}

TEST_CASE("the environment names a proxy") {
    ScriptedPeer const proxy{proxy_that_says(tunnel_stands)};
    auto const environment = environment_with(proxy.port());
    net::DialRequest request;
    request.origin = {"http", "origin.test", 80};
    request.environment = &environment;
    CHECK(dial(request).report.via == "http://127.0.0.1:" + std::to_string(proxy.port()));
    CHECK(proxy.connections() == 1);
}

TEST_CASE("NO_PROXY, or an address on loopback, leads past the environment's proxy") {
    test::ClosedPort const nobody;
    ScriptedPeer const origin{wait};
    auto request = request_to(origin.port());
    request.via = {};
    auto const environment = environment_with(nobody.port());
    request.environment = &environment;
    CHECK_FALSE(dial(request).report.failure);

    auto const excepting = environment_with(nobody.port(), "origin.test");
    request.environment = &excepting;
    request.address->host = "192.0.2.255"; // not loopback: the name alone leads past
    request.timeouts.connect = 50ms;
    CHECK(dial(request).report.via == "direct");
}

TEST_CASE("NO_PROXY is about the origin, not about the address that it is pinned to") {
    struct Row {
        std::string no_proxy;
        bool direct;
    };

    auto const row =
        GENERATE(Row{"192.0.2.255", false}, Row{"192.0.2.0/24", false}, Row{"origin.test:8443", false},
                 Row{"origin.test:443", true}, Row{"origin.test", true});
    INFO(row.no_proxy);
    ScriptedPeer const proxy{proxy_that_says(tunnel_stands)};
    auto const environment = environment_with(proxy.port(), row.no_proxy);
    net::DialRequest request;
    request.origin = {"http", "origin.test", 443};
    request.address = policy::Address{"192.0.2.255", 8443};
    request.timeouts.connect = 50ms; // for the way that leads nowhere
    request.environment = &environment;
    CHECK((dial(request).report.via == "direct") == row.direct);
    CHECK(proxy.connections() == (row.direct ? 0 : 1));
}

TEST_CASE("an environment that names us is as if it named nobody") {
    auto const environment = environment_with(4040);
    auto request = test::request_to(443, "255.255.255.255"); // not loopback, and no way there
    request.via = {};
    request.environment = &environment;
    request.own_listeners = {{"127.0.0.1", 4040}};
    auto const report = dial(request).report;
    CHECK(report.via == "direct");
    CHECK(report.resolver == "pinned");
    CHECK_FALSE(report.loop);
    CHECK(report.failure->kind == FailureKind::unreachable);
}

TEST_CASE("a resolver that a rule names is asked even where there is a proxy") {
    std::string asked;
    ScriptedPeer const proxy{[&](PeerSocket& peer) {
        asked = peer.read_until("\r\n\r\n");
        peer.write(tunnel_stands);
        peer.wait_for_end();
    }};
    test::ScriptedDns const server{[](test::DnsQuestion const& question) -> std::optional<test::DnsReply> {
        if (question.type != test::type_a) return test::DnsReply{};
        return test::DnsReply{.answers = {{question.name, test::type_a, 60, "192.0.2.7"}}};
    }};
    auto request = request_via(proxy.port());
    request.resolver = {policy::Resolver::Kind::udp, "127.0.0.1", server.port()};
    auto const report = dial(request).report;
    CHECK_FALSE(report.failure);
    CHECK(report.resolver == "udp://127.0.0.1:" + std::to_string(server.port()));
    CHECK_THAT(asked, Contains("CONNECT 192.0.2.7:80 "));
}

TEST_CASE("a rule that names us as the proxy is a loop") {
    auto request = request_via(4040);
    request.own_listeners = {{"127.0.0.1", 4040}};
    CHECK(dial(request).report.loop);
}

TEST_CASE("an environment that cannot be used says so") {
    net::EnvironmentProxy const environment{
        .https = "socks4://p:1080", .http = "socks4://p:1080", .no_proxy = {}};
    net::DialRequest request;
    request.origin = {"https", "origin.test", 443};
    request.environment = &environment;
    auto const failure = *dial(request).report.failure;
    CHECK(failure.by == tls::By::local);
    CHECK_THAT(failure.detail, Contains("socks4"));
}
