#include "diagnose/visit/conversation.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::diagnose;
using namespace std::string_literals;

namespace {

/// Says `answer` to it, `at_once` bytes a time, and ends the stream behind it.
Visited said(std::unique_ptr<Conversation> conversation, std::string const& answer,
             std::size_t at_once = 1'000'000) {
    bytes::ByteQueue out;
    conversation->begin(out);
    CHECK(!out.empty());
    for (std::size_t at = 0; at < answer.size(); at += at_once) {
        auto const piece = answer.substr(at, at_once);
        if (!conversation->take(std::span{reinterpret_cast<std::uint8_t const*>(piece.data()), piece.size()},
                                out))
            return conversation->visited();
    }
    conversation->end();
    return conversation->visited();
}

Visited http1(std::string const& answer, std::size_t at_once = 1'000'000) {
    return said(make_http1_conversation("example.com", "/"), answer, at_once);
}

Visited http2(std::string const& answer, std::size_t at_once = 1'000'000) {
    return said(make_http2_conversation("example.com", "/"), answer, at_once);
}

std::string frame(char type, char flags, char stream, std::string const& payload) {
    return "\0\0"s + static_cast<char>(payload.size()) + type + flags + "\0\0\0"s + stream + payload;
}

std::string const settings = frame(4, 0, 0, "");
std::string const settings_ack = frame(4, 1, 0, "");
constexpr char status_200 = '\x88'; // of HPACK's static table

std::string goaway(char code) {
    return frame(7, 0, 0, "\0\0\0\0\0\0\0"s + code);
}

} // namespace

TEST_CASE("an HTTP/1.1 response is read to its end, however it comes") {
    auto const at_once = GENERATE(1, 7, 1000);
    auto const by_length = http1("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", at_once);
    CHECK(by_length.status == 200);
    CHECK(by_length.body_bytes == 5);
    CHECK(by_length.complete);
    CHECK(!by_length.failure);

    auto const chunked =
        http1("HTTP/1.1 404 No\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", at_once);
    CHECK(chunked.status == 404);
    CHECK(chunked.complete);

    auto const by_close = http1("HTTP/1.0 200 OK\r\n\r\nhello", at_once);
    CHECK(by_close.complete);
    CHECK(!by_close.failure);
}

TEST_CASE("an empty chunked body ends with its only chunk") {
    CHECK(http1("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").complete);
}

TEST_CASE("interim responses are passed over") {
    auto const seen = http1("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
    CHECK(seen.status == 204);
    CHECK(seen.complete);
}

TEST_CASE("what is missing of an HTTP/1.1 response is a failure") {
    CHECK(http1("").failure.value().kind == tls::FailureKind::eof);
    CHECK(http1("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello").failure.value().kind ==
          tls::FailureKind::http);
    CHECK(http1("SSH-2.0-OpenSSH\r\n").failure.value().kind == tls::FailureKind::malformed);
    CHECK(http1("HTTP/1.1 2x0 OK\r\n\r\n").failure.value().kind == tls::FailureKind::malformed);
    CHECK(http1("HTTP/1.1 200 OK\r\n" + std::string(most_head, 'x')).failure.value().kind ==
          tls::FailureKind::malformed);
}

TEST_CASE("an HTTP/2 response is read to its end, however it comes") {
    auto const at_once = GENERATE(1, 9, 1000);
    auto const seen = http2(settings + settings_ack + frame(1, 4, 1, {status_200}) + frame(0, 0, 1, "hel") +
                                frame(0, 1, 1, "lo"),
                            at_once);
    CHECK(seen.protocol == "h2");
    CHECK(seen.status == 200);
    CHECK(seen.body_bytes == 5);
    CHECK(seen.complete);
    CHECK(seen.settings_acknowledged);
    CHECK(!seen.initial_window);
    CHECK(!seen.failure);
}

TEST_CASE("what an HTTP/2 server does not do is told") {
    auto const seen = http2(frame(4, 0, 0, "\0\4\0\0\0\0"s) + frame(1, 5, 1, {status_200}));
    CHECK(seen.complete);
    CHECK(!seen.settings_acknowledged);
    CHECK(seen.initial_window == 0U);
}

TEST_CASE("HTTP/2 that breaks says in which way") {
    CHECK(http2(settings + goaway(0xd)).failure.value().detail == "GOAWAY with HTTP_1_1_REQUIRED");
    CHECK(http2(settings + frame(3, 0, 1, "\0\0\0\1"s)).failure.value().detail ==
          "RST_STREAM with PROTOCOL_ERROR");
    CHECK(http2(settings + goaway(0)).failure.value().detail == "GOAWAY with NO_ERROR");
    CHECK(http2("HTTP/1.1 400 Bad Request\r\n\r\n").failure.value().detail ==
          "the answer is not HTTP/2: no SETTINGS came first");
    CHECK(http2("").failure.value().detail == "the connection ended on the preface");
    CHECK(http2(settings + frame(1, 4, 1, {status_200}) + frame(0, 0, 1, "hel")).failure.value().detail ==
          "the body ended too early");
    auto const all = {http2(settings + goaway(0xd)), http2(settings)};
    for (auto const& one : all)
        CHECK(one.failure.value().phase == tls::Phase::after);
}
