// What a hello fails on, found by asking real servers, and ones that refuse some hellos before a real one
// sees them.

#include "diagnose/probe/bisect.hpp"

#include "diagnose/hello/bundled_hellos.hpp"
#include "diagnose/hello/plain_hello.hpp"
#include "diagnose/probe/scripted_server.hpp"
#include "net/dial_bench.hpp"
#include "support/catch.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

using namespace alert40;
using namespace alert40::diagnose;
using namespace std::chrono_literals;
using test::PeerSocket;
using test::ScriptedPeer;
using test::TlsServer;
using Verdict = BisectResult::Verdict;
using Words = std::vector<std::string>;

namespace {

BisectReport bisect(std::uint16_t port, Hello failing, std::optional<Hello> working = {}) {
    net::EventLoop loop;
    net::Resolver resolver{loop};
    std::optional<BisectReport> report;
    std::size_t told = 0;
    BisectRequest request{.dial = test::request_to(port),
                          .failing = std::move(failing),
                          .working = std::move(working),
                          .settings = {},
                          .pause = 0ms};
    auto const under_way = start_bisect(
        loop, resolver, std::move(request),
        [&](BisectProgress const& progress) {
            ++told;
            CHECK(progress.asked <= progress.most_asked);
        },
        [&](BisectReport made) {
            report = std::move(made);
            loop.stop();
        });
    loop.run();
    CHECK(told >= report->result.asked);
    return *std::move(report);
}

BisectReport bisect(TlsServer const& server, Hello failing) {
    ScriptedPeer const peer{[&](PeerSocket& socket) { test::answer_with(server, socket); }};
    return bisect(peer.port(), std::move(failing));
}

test::Identity const& identity() {
    static auto const one = test::make_identity({});
    return one;
}

/// A real server behind something that refuses what it does not like.
BisectReport bisect_behind(std::function<bool(Hello const&)> const& refuses,
                           std::function<void(PeerSocket&)> const& refuse, Hello failing) {
    TlsServer const server{identity()};
    ScriptedPeer const peer{[&](PeerSocket& socket) {
        auto const records = test::read_hello_records(socket);
        auto const hello = read_hello(test::bytes_in(records));
        if (!hello || refuses(*hello)) return refuse(socket);
        auto const flight = test::flight_of(server, test::bytes_in(records));
        socket.write({reinterpret_cast<char const*>(flight.data()), flight.size()});
        socket.wait_for_end();
    }};
    return bisect(peer.port(), std::move(failing));
}

void send_alert_40(PeerSocket& socket) {
    socket.write(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));
}

Words words(std::vector<Difference> const& differences) {
    Words out;
    for (auto const& one : differences)
        out.push_back(words_of(one));
    return out;
}

bool offers_h2(Hello const& hello) {
    auto const view = view_of(hello);
    auto const names = tls::wire::alpn(view.extensions);
    return names && std::ranges::find(*names, "h2") != names->end();
}

bool offers_x25519_share(Hello const& hello) {
    auto const groups = tls::wire::key_share_groups(view_of(hello).extensions);
    return groups && std::ranges::find(*groups, 0x001d) != groups->end();
}

Hello chromium() {
    return bundled_hello("chromium")->hello;
}

} // namespace

TEST_CASE("every bundled hello is taken by a real server") {
    TlsServer const server{identity()};
    ScriptedPeer const peer{[&](PeerSocket& socket) { test::answer_with(server, socket); }};
    for (auto const& one : bundled_hellos()) {
        INFO(one.name);
        auto const report = bisect(peer.port(), one.hello);
        CHECK(report.result.verdict == Verdict::works);
        CHECK(report.to_failing->works());
        CHECK(report.to_failing->whole);
    }
}

TEST_CASE("a protocol that is refused") {
    auto const report = bisect_behind(offers_h2, send_alert_40, chromium());
    CHECK(report.result.verdict == Verdict::reduced);
    CHECK(words(report.result.cure) == Words{"h2 in ALPN"});
    CHECK(summary_of(*report.to_failing) == "alert 40 handshake_failure");
    CHECK(summary_of(*report.to_fails) == "alert 40 handshake_failure");
    CHECK(report.to_works->works());
    CHECK(report.to_mended->alpn == "http/1.1");
}

TEST_CASE("a hello that is too large") {
    auto const report = bisect_behind([](Hello const& hello) { return wire_size(hello) > 1460; },
                                      &PeerSocket::reset, chromium());
    CHECK(report.result.verdict == Verdict::reduced);
    CHECK(report.result.failure == "connection cut");
    CHECK(report.result.fails_from_bytes == 1461);
    CHECK(words(report.result.cure) == Words{"the key share X25519MLKEM768 of 1216 bytes"});
}

TEST_CASE("two things that are refused together") {
    auto const report =
        bisect_behind([](Hello const& hello) { return offers_h2(hello) && offers_x25519_share(hello); },
                      send_alert_40, built({.server_name = "origin.test", .alpn = {"http/1.1", "h2"}}));
    CHECK(report.result.verdict == Verdict::reduced);
    REQUIRE(report.result.causes.size() == 1);
    auto const cause = words(report.result.causes.front());
    CHECK(std::ranges::find(cause, "h2 in ALPN") != cause.end());
}

TEST_CASE("a server that has other cipher suites") {
    TlsServer const server{test::make_identity({.key = test::KeyKind::rsa_2048}), [](SSL_CTX* context) {
                               SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
                               SSL_CTX_set_cipher_list(context, "AES128-SHA:@SECLEVEL=0");
                           }};
    auto const report = bisect(server, built({.server_name = "origin.test"}));
    CHECK(report.result.verdict == Verdict::reduced);
    CHECK(report.result.candidate == "plain, TLS 1.2 with old cipher suites");
    REQUIRE(report.result.cure.size() == 1);
    CHECK(undoing(report.result.cure.front()) ==
          "offer the cipher suite TLS_RSA_WITH_AES_128_CBC_SHA as well");
}

TEST_CASE("a server that has another group") {
    TlsServer const server{test::make_identity({.key = test::KeyKind::rsa_2048}), [](SSL_CTX* context) {
                               SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
                               SSL_CTX_set1_groups_list(context, "P-384");
                           }};
    auto const report = bisect(server, built({.server_name = "origin.test", .groups = {0x001d}}));
    CHECK(report.result.verdict == Verdict::reduced);
    REQUIRE(report.result.cure.size() == 1);
    CHECK(undoing(report.result.cure.front()) == "offer the group secp384r1 as well");
}

TEST_CASE("a server that has another version") {
    TlsServer const server{identity(),
                           [](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); }};
    auto const report = bisect(server, built({.versions = {0x0304}, .server_name = "origin.test"}));
    CHECK(report.result.failure == "alert 70 protocol_version");
    REQUIRE(report.result.cure.size() == 1);
    CHECK(undoing(report.result.cure.front()) == "offer the version TLS 1.2 as well");
}

TEST_CASE("the hello that works is compared with first") {
    TlsServer const server{identity()};
    ScriptedPeer const peer{[&](PeerSocket& socket) {
        auto const records = test::read_hello_records(socket);
        if (offers_h2(*read_hello(test::bytes_in(records)))) return send_alert_40(socket);
        auto const flight = test::flight_of(server, test::bytes_in(records));
        socket.write({reinterpret_cast<char const*>(flight.data()), flight.size()});
        socket.wait_for_end();
    }};
    auto const report = bisect(peer.port(), bundled_hello("curl")->hello, bundled_hello("openssl")->hello);
    CHECK(report.result.candidate == "the working hello");
    CHECK(words(report.result.cure) == Words{"h2 in ALPN"});
    CHECK(report.result.asked == peer.connections());
}

TEST_CASE("a server that takes turns") {
    int turn = 0;
    auto const report =
        bisect_behind([&](Hello const&) { return ++turn % 2 == 0; }, send_alert_40, chromium());
    CHECK(report.result.verdict == Verdict::intermittent);
    CHECK(report.result.tally.worked == 5);
}

TEST_CASE("where nobody listens, nothing is bisected") {
    test::ClosedPort const nobody;
    auto const report = bisect(nobody.port(), chromium());
    REQUIRE(report.unreachable);
    CHECK(report.unreachable->kind == tls::FailureKind::refused);
    CHECK(report.result.asked == 0);
}

TEST_CASE("a bisect that is dropped says nothing") {
    test::MutePeer const mute;
    net::EventLoop loop;
    net::Resolver resolver{loop};
    auto const before = test::open_descriptors();
    BisectRequest request{
        .dial = test::request_to(mute.port()), .failing = chromium(), .working = {}, .settings = {}};
    auto dropped = start_bisect(loop, resolver, std::move(request), {},
                                [](BisectReport) { FAIL("told of a dropped bisect"); });
    for (int i = 0; i < 3; ++i)
        loop.turn(1ms);
    dropped.reset();
    CHECK(test::open_descriptors() == before);
    loop.turn(0ms);
}
