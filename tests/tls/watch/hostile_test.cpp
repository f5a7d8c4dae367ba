// What is not TLS, or is no handshake, ends the reading and nothing else.
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"
#include "tls/watch/tape.hpp"
#include "tls/wire/describe.hpp"

using namespace alert40;
using namespace alert40::test;
using tests::ClientHelloBuilder;
using tests::joined;
using tls::By;
using tls::FailureKind;
using tls::watch::HandshakeWatch;
using tls::watch::Stage;

namespace {

Bytes text(std::string_view words) {
    return {words.begin(), words.end()};
}

Bytes record(std::uint8_t type, Bytes const& fragment) {
    return bytes::Writer{}.u8(type).u16(0x0303).opaque<bytes::Prefix::u16>(fragment).take();
}

Bytes message(std::uint8_t type, Bytes const& body) {
    return bytes::Writer{}.u8(type).opaque<bytes::Prefix::u24>(body).take();
}

Bytes hello_message() {
    return message(1, ClientHelloBuilder{}.suites({0x1301}).server_name("origin.test").alpn({"h2"}).body());
}

Piece hello() {
    return client_sends(record(22, hello_message()));
}

/// TLS 1.2, no extensions.
Piece server_hello() {
    Bytes body{3, 3};
    body.resize(34);
    body.insert(body.end(), {0, 0xc0, 0x2f, 0});
    return server_sends(record(22, message(2, body)));
}

} // namespace

TEST_CASE("another protocol is told by its first bytes, and let pass") {
    auto const words = GENERATE("SSH-2.0-OpenSSH_9.2\r\n", "GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n",
                                "\r\n", "\x16", "\x16\x02", "\x16\x03\x01", "EHLO x\r\n");
    auto const watch = watched({client_sends(text(words))});
    CAPTURE(words);
    auto const may_be_tls = std::string_view(words) == "\x16" || std::string_view(words) == "\x16\x03\x01";
    CHECK(watch.stage() == (may_be_tls ? Stage::undecided : Stage::not_tls));
    CHECK(watch.done() == !may_be_tls);
    CHECK(watch.handshake() == tls::Handshake{});
    CHECK(watch.ended(By::upstream, FailureKind::eof).has_value() == may_be_tls);
}

TEST_CASE("a server that speaks first speaks no TLS") {
    auto const watch = watched({server_sends(text("220 mail ESMTP\r\n"))});
    CHECK(watch.stage() == Stage::not_tls);
    CHECK(watch.done());
}

TEST_CASE("TLS records that do not begin with a ClientHello") {
    CHECK(watched({client_sends(record(22, message(2, Bytes(38))))}).stage() == Stage::not_tls);
    CHECK(watched({client_sends(record(22, message(1, Bytes(38, 255))))}).stage() == Stage::not_tls);
    CHECK(watched({client_sends(record(23, Bytes(38)))}).stage() == Stage::not_tls);
    CHECK(watched({client_sends(joined({record(22, {1, 0, 1, 0}), record(20, {1})}))}).stage() ==
          Stage::not_tls);
    CHECK(watched({client_sends(record(22, {1})), server_hello()}).stage() == Stage::not_tls);
}

TEST_CASE("a ClientHello is read across records, however they cut it") {
    auto const whole = hello_message();
    auto const cut = GENERATE(1u, 4u, 5u, 20u);
    Bytes wire;
    for (std::size_t at = 0; at < whole.size(); at += cut) {
        auto const part = std::span(whole).subspan(at, std::min<std::size_t>(cut, whole.size() - at));
        wire = joined({wire, record(22, {part.begin(), part.end()})});
    }
    auto const watch = watched({client_sends(wire)});
    CHECK(watch.stage() == Stage::hello);
    CHECK(watch.handshake().offered->server_name == "origin.test");
    CHECK(watch.handshake().offered->bytes == wire.size());
    CHECK(std::ranges::equal(watch.hello_bytes(), wire));
}

TEST_CASE("what no handshake has there ends the reading; what was read stays") {
    auto const stray = GENERATE(values<Bytes>({
        record(23, Bytes(30)),                                    // data before any key
        record(24, Bytes(30)),                                    // heartbeat
        record(21, {2, 40, 1}),                                   // an alert of three bytes
        record(21, {7, 40}),                                      // an alert of level 7
        record(22, message(11, Bytes(3))),                        // Certificate before ServerHello
        record(22, message(2, Bytes(3))),                         // a broken ServerHello
        record(22, {2, 255, 255, 255}),                           // a message of 16 MiB
        joined({server_hello().bytes, server_hello().bytes}),     // twice
        joined({server_hello().bytes, text("HTTP/1.1 400\r\n")}), // something else after it
    }));
    auto const watch = watched({hello(), server_sends(stray)});
    CHECK(watch.done());
    CHECK((watch.stage() == Stage::hello || watch.stage() == Stage::answered));
    CHECK_FALSE(watch.failure());
    CHECK_FALSE(watch.ended(By::upstream, FailureKind::eof));
    CHECK(watch.handshake().offered->server_name == "origin.test");
    CHECK_FALSE(watch.hello_bytes().empty());
}

TEST_CASE("a chain that is no certificate is no harm") {
    Bytes const garbage = bytes::Writer{}
                              .nested<bytes::Prefix::u24>([](bytes::Writer& list) {
                                  list.opaque<bytes::Prefix::u24>(Bytes(40, 0x30));
                              })
                              .take();
    auto const watch = watched({hello(), server_hello(), server_sends(record(22, message(11, garbage)))});
    CHECK(watch.stage() == Stage::answered);
    CHECK(watch.handshake().certificates == std::vector{tls::CertificateSummary{}});
}

TEST_CASE("a flood of warnings is not kept") {
    auto const watch = [] {
        HandshakeWatch flooded(tools());
        flooded.client_sent(hello().bytes);
        for (int i = 0; i < 1000; ++i)
            flooded.server_sent(record(21, {1, 112}));
        return flooded;
    }();
    CHECK(watch.done());
    CHECK(watch.stage() == Stage::hello);
    CHECK(watch.handshake().alerts.size() < 20);
}

TEST_CASE("a handshake without end is read so far and no further") {
    HandshakeWatch watch(tools());
    watch.client_sent(hello().bytes);
    watch.server_sent(server_hello().bytes);
    auto const request = record(22, message(0, {})); // HelloRequest
    std::size_t fed = 0;
    for (; !watch.done() && fed < (1u << 20); fed += request.size())
        watch.server_sent(request);
    CHECK(watch.done());
    CHECK(fed < (300u << 10));

    HandshakeWatch endless(tools());
    auto const part = joined({{{1, 3, 255, 255}}, Bytes(10000)}); // of a message of 256 KiB
    for (fed = 0; !endless.done() && fed < (1u << 20); fed += part.size())
        endless.client_sent(record(22, part));
    CHECK(endless.done());
    CHECK(endless.hello_bytes().empty());
    CHECK(fed < (300u << 10));
}

TEST_CASE("one large piece is no more than many small ones") {
    Bytes uploaded;
    while (uploaded.size() < 600000)
        uploaded = joined({uploaded, record(23, Bytes(16000))});
    CHECK(watched({hello(), server_hello(), client_sends(uploaded)}).done());
}

TEST_CASE("no garbage after a hello is fatal") {
    std::uint32_t state = 40;
    for (int round = 0; round < 300; ++round) {
        Bytes garbage(60);
        for (auto& byte : garbage)
            byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
        if (round % 2 == 0) garbage = record(22, garbage);
        if (round % 4 == 0) garbage[5] = 2;
        watched({hello(), server_sends(garbage), client_sends(garbage)});
        watched({client_sends(garbage), server_sends(garbage)});
    }
    SUCCEED();
}

TEST_CASE("bytes after the end are not looked at, and a watch moves") {
    HandshakeWatch watch(tools());
    watch.client_sent(hello().bytes);
    watch.server_sent(record(21, {2, 40}));
    auto const failure = watch.failure();
    HandshakeWatch moved = std::move(watch);
    moved.server_sent(server_hello().bytes);
    CHECK(moved.stage() == Stage::failed);
    CHECK(moved.failure() == failure);
    CHECK_FALSE(moved.handshake().negotiated);
}
