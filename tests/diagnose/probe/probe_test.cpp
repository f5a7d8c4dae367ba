#include "diagnose/probe/probe.hpp"

#include "diagnose/hello/plain_hello.hpp"
#include "diagnose/probe/scripted_server.hpp"
#include "net/dial_bench.hpp"
#include "support/catch.hpp"

#include <optional>
#include <string>

using namespace alert40;
using namespace alert40::diagnose;
using namespace std::chrono_literals;
using test::PeerSocket;
using test::ScriptedPeer;

namespace {

ProbeRequest request_to(std::uint16_t port, PlainHello const& plain = {}) {
    return {.dial = test::request_to(port), .hello = built(plain)};
}

Probed probe(ProbeRequest request) {
    net::EventLoop loop;
    net::Resolver resolver{loop};
    std::optional<Probed> result;
    auto const under_way = start_probe(loop, resolver, std::move(request), [&](Probed probed) {
        result = std::move(probed);
        loop.stop();
    });
    loop.run();
    return *std::move(result);
}

std::string summary(ScriptedPeer::Script script, std::chrono::milliseconds patience = 5s) {
    ScriptedPeer const peer{std::move(script)};
    auto request = request_to(peer.port());
    request.dial.timeouts.handshake = patience;
    return summary_of(probe(std::move(request)).answer);
}

test::TlsServer const& server() {
    static test::TlsServer const one{test::make_identity({})};
    return one;
}

} // namespace

TEST_CASE("a probe reads what a server says, and goes away") {
    bool ended = false;
    {
        ScriptedPeer const peer{[&](PeerSocket& socket) {
            test::answer_with(server(), socket);
            ended = true;
        }};
        auto const probed = probe(request_to(peer.port(), {.server_name = "origin.test", .alpn = {"h2"}}));
        CHECK(probed.answer.works());
        CHECK(probed.answer.alpn == "h2");
        CHECK(probed.answer.certificates.size() == 1);
        CHECK_FALSE(probed.dial.failure);
        CHECK(probed.dial.address == "127.0.0.1");
        REQUIRE(probed.dial.first_byte);
        CHECK(*probed.dial.first_byte <= probed.dial.total);
        CHECK(probed.sent.random != Hello{}.random);
    }
    CHECK(ended);
}

TEST_CASE("a hello is sent as it is") {
    std::string heard;
    PlainHello const plain{.server_name = "origin.test"};
    {
        ScriptedPeer const peer{[&](PeerSocket& socket) { heard = test::read_hello_records(socket); }};
        auto request = request_to(peer.port(), plain);
        request.as_it_is = true;
        CHECK(summary_of(probe(std::move(request)).answer) == "connection cut");
    }
    auto const expected = records_of(built(plain));
    CHECK(heard == std::string(expected.begin(), expected.end()));
}

TEST_CASE("how else a probe ends") {
    CHECK(summary([](PeerSocket& socket) {
              test::read_hello_records(socket);
              socket.write(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));
          }) == "alert 40 handshake_failure");
    CHECK(summary([](PeerSocket& socket) {
              test::read_hello_records(socket);
              socket.reset();
          }) == "connection cut");
    CHECK(summary([](PeerSocket& socket) { socket.write("SSH-2.0-OpenSSH_9.2\r\n"); }) == "not TLS");
    CHECK(summary([](PeerSocket& socket) { socket.wait_for_end(); }, 50ms) == "no answer");
    CHECK(summary(
              [](PeerSocket& socket) { // drop by drop
                  for (int i = 0; i < 1000 && !test::read_hello_records(socket).empty(); ++i)
                      socket.write(std::string_view("\x16\x03\x03\x40\x00", 5));
              },
              50ms) == "no answer");
    test::ClosedPort const nobody;
    auto const refused = probe(request_to(nobody.port()));
    CHECK(refused.dial.failure->kind == tls::FailureKind::refused);
    CHECK(refused.answer.failure == refused.dial.failure);
}

TEST_CASE("a hello is cut as the ordeal of its dial wants it") {
    for (auto const mode : {tls::SplitHello::Mode::record, tls::SplitHello::Mode::segment}) {
        ScriptedPeer const peer{[](PeerSocket& socket) { test::answer_with(server(), socket); }};
        auto request = request_to(peer.port());
        request.dial.ordeal.emplace().split = {mode, 40};
        CHECK(probe(std::move(request)).answer.works());
    }
}

TEST_CASE("a probe that is dropped says nothing and leaves no socket") {
    test::MutePeer const mute;
    net::EventLoop loop;
    net::Resolver resolver{loop};
    auto const before = test::open_descriptors();
    auto dropped =
        start_probe(loop, resolver, request_to(mute.port()), [](Probed) { FAIL("told of a dropped probe"); });
    for (int i = 0; i < 3; ++i)
        loop.turn(1ms);
    dropped.reset();
    CHECK(test::open_descriptors() == before);
    loop.turn(0ms);
}
