// The TLS part of a dial, against a real server and against what no real server does.

#include "net/client_handshake.hpp"

#include "net/dial_bench.hpp"
#include "support/catch.hpp"
#include "support/scripted_peer.hpp"
#include "support/tls_server.hpp"
#include "tls/engine/identity.hpp"
#include "tls/engine/server_context.hpp"

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

using namespace alert40;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::dial;
using test::PeerSocket;
using test::ScriptedPeer;
using tls::FailureKind;
using tls::Phase;

namespace {

tls::Profile trusting_profile() {
    auto profile = *tls::built_in_profile("modern");
    profile.verify.mode = tls::Verify::Mode::none;
    return profile;
}

net::DialRequest tls_request_to(std::uint16_t port, tls::Profile const& profile = trusting_profile()) {
    auto request = test::request_to(port);
    request.origin = {"https", "origin.test", 443};
    request.options.target_name = "origin.test";
    request.context = *tls::engine::ClientContext::make(profile);
    return request;
}

std::span<std::uint8_t const> octets(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

std::string_view text(test::Bytes const& bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

test::TlsServer const& server() {
    static test::TlsServer const one{test::make_identity({})};
    return one;
}

/// Up to and with the client's Finished, then `greeting`.
void serve(PeerSocket& peer, test::TlsServer const& with, std::string_view greeting = {}) {
    test::ServerConnection connection{with};
    while (!connection.established()) {
        auto const in = peer.read_some();
        if (in.empty()) return;
        connection.feed(octets(in));
        if (connection.established() && !greeting.empty()) connection.write(greeting);
        peer.write(text(connection.take_output()));
    }
    peer.wait_for_end();
}

/// The first `records` records of `flight`.
std::string_view first_records(std::string_view flight, std::size_t records) {
    std::size_t end = 0;
    for (; records > 0 && end + 5 <= flight.size(); --records)
        end += 5 + static_cast<std::size_t>(static_cast<std::uint8_t>(flight[end + 3]) << 8 |
                                            static_cast<std::uint8_t>(flight[end + 4]));
    return flight.substr(0, end);
}

constexpr std::string_view handshake_failure_alert{"\x15\x03\x03\x00\x02\x02\x28", 7};

} // namespace

TEST_CASE("a handshake succeeds") {
    ScriptedPeer const peer{[](PeerSocket& socket) { serve(socket, server()); }};
    auto const dialled = dial(tls_request_to(peer.port()));
    auto const& report = dialled.report;
    REQUIRE_FALSE(report.failure);
    REQUIRE(dialled.tls);
    CHECK(dialled.socket.open());
    CHECK(dialled.tls->alpn() == "h2");
    CHECK(report.handshake.offered->server_name == "origin.test");
    CHECK(report.handshake.negotiated->version == "1.3");
    REQUIRE(report.first_byte);
    CHECK(*report.connect <= *report.first_byte);
    CHECK(*report.first_byte <= report.total);
}

TEST_CASE("what the server said along with its last flight stays in the connection") {
    ScriptedPeer const peer{[](PeerSocket& socket) {
        test::TlsServer const tls12{test::make_identity({}), [](SSL_CTX* context) {
                                        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
                                    }};
        serve(socket, tls12, "welcome");
    }};
    auto const dialled = dial(tls_request_to(peer.port()));
    REQUIRE_FALSE(dialled.report.failure);
    std::array<std::uint8_t, 64> plain{};
    auto const read = dialled.tls->read(plain);
    CHECK(read.status == tls::engine::Status::ok);
    CHECK(std::string(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(read.bytes)) == "welcome");
}

TEST_CASE("through a proxy's tunnel") {
    ScriptedPeer const proxy{[](PeerSocket& socket) {
        socket.read_until("\r\n\r\n");
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        serve(socket, server());
    }};
    auto request = tls_request_to(443);
    request.address.reset();
    request.via = test::proxy_at(proxy.port());
    auto const dialled = dial(request);
    REQUIRE_FALSE(dialled.report.failure);
    CHECK(dialled.tls->alpn() == "h2");
}

TEST_CASE("alert 40 answers the ClientHello") {
    // and the connection goes with it, in one way or the other: the alert is what counts
    bool const reset = GENERATE(false, true);
    ScriptedPeer const peer{[reset](PeerSocket& socket) {
        socket.read_some();
        socket.write(handshake_failure_alert);
        if (reset) socket.reset();
    }};
    auto const dialled = dial(tls_request_to(peer.port()));
    REQUIRE(dialled.report.failure);
    auto const& failure = *dialled.report.failure;
    CHECK(failure.phase == Phase::client_hello);
    if (reset && failure.kind == FailureKind::reset) return; // the kernel may drop what was not yet read
    CHECK(failure.kind == FailureKind::alert);
    CHECK(failure.alert->description == tls::AlertDescription::handshake_failure);
    CHECK(failure.alert->direction == tls::Direction::received);
    CHECK_FALSE(dialled.tls);
    CHECK_FALSE(dialled.socket.open());
}

TEST_CASE("our own alert reaches the server before the connection closes") {
    std::string last;
    {
        ScriptedPeer const peer{[&](PeerSocket& socket) {
            test::ServerConnection connection{server()};
            connection.feed(octets(socket.read_some()));
            socket.write(text(connection.take_output()));
            for (std::string more; !(more = socket.read_some()).empty();)
                last += more;
        }};
        auto profile = trusting_profile();
        profile.verify.mode = tls::Verify::Mode::full;      // a self-signed certificate
        profile.max_version = tls::ProtocolVersion::tls1_2; // whose alerts are readable
        auto const failure = *dial(tls_request_to(peer.port(), profile)).report.failure;
        CHECK(failure.kind == FailureKind::verify);
        CHECK(failure.by == tls::By::local);
    }
    CHECK_THAT(last, Contains(std::string{"\x15\x03\x03\x00\x02\x02", 6}));
}

TEST_CASE("the connection is cut after each message of the server") {
    struct Row {
        std::size_t records;
        Phase phase;
    };

    auto const row =
        GENERATE(Row{0, Phase::client_hello}, Row{1, Phase::server_hello}, Row{2, Phase::certificate});
    auto const cut = GENERATE(FailureKind::eof, FailureKind::reset, FailureKind::timeout);
    test::TlsServer const tls12{test::make_identity({}), [](SSL_CTX* context) {
                                    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
                                }};
    ScriptedPeer const peer{[&](PeerSocket& socket) {
        test::ServerConnection connection{tls12};
        connection.feed(octets(socket.read_some()));
        auto const flight = connection.take_output();
        socket.write(first_records(text(flight), row.records));
        if (cut == FailureKind::timeout) socket.wait_for_end();
        if (cut == FailureKind::reset) {
            std::this_thread::sleep_for(20ms); // a reset takes along what was not yet read
            socket.reset();
        }
    }};
    auto request = tls_request_to(peer.port());
    request.timeouts.handshake = cut == FailureKind::timeout ? 60ms : 8'000ms;
    auto const report = dial(request).report;
    REQUIRE(report.failure);
    CHECK(report.failure->by == tls::By::upstream);
    CHECK(report.failure->kind == cut);
    CHECK(report.failure->phase == row.phase);
    CHECK(report.first_byte.has_value() == (row.records > 0));
    CHECK(report.handshake.offered);
}

TEST_CASE("silence says how long it was waited for") {
    ScriptedPeer const peer{[](PeerSocket& socket) { socket.wait_for_end(); }};
    auto request = tls_request_to(peer.port());
    request.timeouts.handshake = 30ms;
    CHECK(dial(request).report.failure->detail == "no answer to the ClientHello within 30 ms");
}

TEST_CASE(
    "an app that falls silent in its handshake with us is not told to have left a ClientHello unanswered") {
    auto const identity = test::make_identity({});
    auto const shown = tls::engine::Identity::from_pem(identity.certificate_pem(), identity.key_pem());
    tls::engine::ClientOptions options;
    options.target_name = "origin.test";
    auto const app = tls::engine::Connection::make_client(
        *tls::engine::ClientContext::make(trusting_profile()), std::move(options));
    app->advance();
    auto const tls = tls::engine::Connection::make_server(tls::engine::ServerContext::make(), {*shown, {}});
    tls->feed(app->output().data());

    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    net::Socket const ours{ends[0]}, theirs{ends[1]};
    net::EventLoop loop;
    std::optional<tls::Failure> failure;
    net::ClientHandshake handshake(loop, ours.fd(), *tls, {},
                                   [&](std::optional<tls::Failure> why) { failure = std::move(why); });
    handshake.start();
    handshake.time_out(30s);
    REQUIRE(failure);
    CHECK(failure->by == tls::By::downstream);
    CHECK(failure->kind == FailureKind::timeout);
    CHECK(failure->detail == "the handshake was not complete after 30 s");
}

TEST_CASE("plain HTTP answers") {
    ScriptedPeer const peer{[](PeerSocket& socket) {
        socket.read_some();
        socket.write("HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port");
    }};
    CHECK(dial(tls_request_to(peer.port())).report.failure->kind == FailureKind::not_tls);
}

TEST_CASE("a ClientHello is cut in two segments") {
    std::string first;
    ScriptedPeer const peer{[&](PeerSocket& socket) {
        first = socket.read_some();
        test::ServerConnection connection{server()};
        connection.feed(octets(first));
        while (!connection.established()) {
            connection.feed(octets(socket.read_some()));
            socket.write(text(connection.take_output()));
        }
        socket.wait_for_end();
    }};
    auto profile = trusting_profile();
    profile.split_hello = {tls::SplitHello::Mode::segment, 7};
    CHECK_FALSE(dial(tls_request_to(peer.port(), profile)).report.failure);
    CHECK(first.size() == 7);
}

TEST_CASE("a ClientHello that fits into the first segment is not cut") {
    ScriptedPeer const peer{[](PeerSocket& socket) { serve(socket, server()); }};
    auto profile = trusting_profile();
    profile.split_hello = {tls::SplitHello::Mode::segment, 60'000};
    CHECK_FALSE(dial(tls_request_to(peer.port(), profile)).report.failure);
}
