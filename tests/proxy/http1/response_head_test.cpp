#include "proxy/http1/response_head.hpp"

#include "proxy/http1/head_scanner.hpp"
#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace alert40::proxy;
using namespace alert40::proxy::http1;
using namespace std::literals;

namespace {

struct Parsed {
    ResponseHead head;
    ResponseTerms terms;
    std::string error;
};

Parsed parse(std::string_view text, ResponseContext const& context = {}) {
    Parsed parsed;
    if (HeadScanner{}.scan(text) != HeadScanner::Result::complete)
        parsed.error = "not a head";
    else if (auto const error = parse_response_head(text, context, parsed.head, parsed.terms))
        parsed.error = *error;
    return parsed;
}

Parsed ok(std::string const& lines, ResponseContext const& context = {}) {
    return parse("HTTP/1.1 200 OK\r\n" + lines + "\r\n", context);
}

} // namespace

TEST_CASE("a response is what both versions can say of it") {
    auto const response =
        parse("HTTP/1.1 404 Not here\r\nContent-Length: 5\r\nServer: x\r\nKeep-Alive: timeout=5\r\n"
              "Connection: keep-alive, x-hop\r\nX-Hop: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n");
    REQUIRE(response.error.empty());
    CHECK(response.head.version == HttpVersion::http1_1);
    CHECK(response.head.status == 404);
    CHECK(response.head.reason == "Not here");
    CHECK(response.head.body == BodyLength::known(5));
    CHECK(response.terms.body == Framing::of_length(5));
    CHECK(response.terms.keep_alive);
    REQUIRE(response.head.fields.size() == 3);
    CHECK(response.head.fields[0].name == "Server");
    CHECK(response.head.fields[2].value == "b");
}

TEST_CASE("the body ends as RFC 9112 section 6.3 says") {
    CHECK(ok("Transfer-Encoding: chunked\r\n").terms.body == Framing::chunked());
    CHECK(ok("").terms.body == Framing::until_close());
    CHECK_FALSE(ok("").terms.keep_alive);
    CHECK(ok("Content-Length: 7\r\n", {.head_request = true}).terms.body == Framing::none());
    CHECK(ok("Content-Length: 7\r\n", {.head_request = true}).head.declared_length == 7);
    CHECK(ok("Transfer-Encoding: chunked\r\n", {.head_request = true}).terms.body == Framing::none());
    CHECK(parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n").head.declared_length == 7);
    CHECK(parse("HTTP/1.1 304 Not Modified\r\n\r\n").terms.body == Framing::none());
    CHECK(parse("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n").terms.body == Framing::none());
    CHECK(parse("HTTP/1.1 100 Continue\r\n\r\n").terms.body == Framing::none());
    CHECK(parse("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n").terms.keep_alive);
    CHECK(ok("Content-Length: 5\r\nContent-Length: 5\r\n").terms.body == Framing::of_length(5));
}

TEST_CASE("a connection stays as its version and its fields say") {
    CHECK_FALSE(ok("Content-Length: 0\r\nConnection: close\r\n").terms.keep_alive);
    CHECK_FALSE(parse("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").terms.keep_alive);
    CHECK(parse("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n").terms.keep_alive);
}

TEST_CASE("a reason may be missing, with its space or without it") {
    CHECK(parse("HTTP/1.1 200 \r\n\r\n").error.empty());
    auto const bare = parse("HTTP/1.1 200\r\nServer: x\r\n\r\n");
    CHECK(bare.error.empty());
    CHECK(bare.head.status == 200);
    REQUIRE(bare.head.fields.size() == 1);
    CHECK(bare.head.fields[0].value == "x");
}

TEST_CASE("101 answers the upgrade that was asked for") {
    auto const text =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nX: 1\r\n\r\n"sv;
    auto const response = parse(text, {.upgrade = "websocket"});
    REQUIRE(response.error.empty());
    CHECK(response.head.upgraded);
    CHECK(response.head.protocol == "WebSocket");
    CHECK(response.terms.body == Framing::until_close());
    CHECK(response.head.fields.size() == 1);

    CHECK_FALSE(parse(text).error.empty());
    CHECK_FALSE(parse(text, {.upgrade = "other"}).error.empty());
    CHECK_FALSE(
        parse("HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n", {.upgrade = "websocket"}).error.empty());
    CHECK_FALSE(
        parse("HTTP/1.1 101 X\r\nConnection: Upgrade\r\n\r\n", {.upgrade = "websocket"}).error.empty());
}

TEST_CASE("malformed and ambiguous responses are not passed on") {
    for (auto const& text : std::vector<std::string>{
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
             "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n",
             "HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\n\r\n",
             "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"s,
             "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
             "HTTP/1.1 200 OK\r\n: 1\r\n\r\n",
             "HTTP/1.1 200 O\x01K\r\n\r\n",
             "HTTP/1.1 20 OK\r\n\r\n",
             "HTTP/1.1 2000 OK\r\n\r\n",
             "HTTP/1.1 099 OK\r\n\r\n",
             "HTTP/1.1 +20 OK\r\n\r\n",
             "HTTP/2 200 OK\r\n\r\n",
             "HTTP/1.2 200 OK\r\n\r\n",
             "ICY 200 OK\r\n\r\n",
             " HTTP/1.1 200 OK\r\n\r\n",
         }) {
        INFO(text);
        CHECK_FALSE(parse(text).error.empty());
    }
}
