#include "proxy/http1/write_head.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40;
using namespace alert40::proxy;
using namespace alert40::proxy::http1;

namespace {

template <typename Write>
std::string text(Write write) {
    bytes::ByteQueue out;
    write(out);
    return {reinterpret_cast<char const*>(out.data().data()), out.size()};
}

std::string request_text(RequestHead const& head, bool end, std::string_view key = {}) {
    return text([&](auto& out) { write_request_head(out, head, end, key); });
}

std::string response_text(ResponseHead const& head, bool end, ResponseReader reader = {}) {
    return text([&](auto& out) { write_response_head(out, head, end, reader); });
}

RequestHead request(std::string_view method, std::string_view path, BodyLength body = BodyLength::none()) {
    RequestHead head;
    head.method = method;
    head.authority = "origin.example:8443";
    head.path = path;
    head.body = body;
    return head;
}

} // namespace

TEST_CASE("a request is written in origin-form with Host first") {
    auto head = request("GET", "/a?b");
    head.add("Accept", "*/*");
    head.trailers_accepted = true;
    CHECK(request_text(head, true) ==
          "GET /a?b HTTP/1.1\r\nHost: origin.example:8443\r\nAccept: */*\r\nTE: trailers\r\n"
          "Connection: TE\r\n\r\n");
    CHECK(request_text(request("OPTIONS", "*"), true) ==
          "OPTIONS * HTTP/1.1\r\nHost: origin.example:8443\r\n\r\n");
}

TEST_CASE("the body of a request is framed by what is known of it") {
    std::string const post = "POST / HTTP/1.1\r\nHost: origin.example:8443\r\n";
    CHECK(request_text(request("POST", "/", BodyLength::known(7)), false) ==
          post + "Content-Length: 7\r\n\r\n");
    CHECK(request_text(request("POST", "/", BodyLength::unknown()), false) ==
          post + "Transfer-Encoding: chunked\r\n\r\n");
    CHECK(request_text(request("POST", "/", BodyLength::unknown()), true) ==
          post + "Content-Length: 0\r\n\r\n");
    CHECK(request_text(request("POST", "/"), true) == post + "Content-Length: 0\r\n\r\n");
}

TEST_CASE("an upgrade is asked for, with a key where the client had none") {
    auto head = request("GET", "/chat");
    head.protocol = "websocket";
    CHECK(request_text(head, false, "KEY") ==
          "GET /chat HTTP/1.1\r\nHost: origin.example:8443\r\nUpgrade: websocket\r\n"
          "Connection: Upgrade\r\nSec-WebSocket-Key: KEY\r\n"
          "Sec-WebSocket-Version: 13\r\n\r\n");
    head.add("sec-websocket-version", "13");
    CHECK(request_text(head, false, "KEY").find("Sec-WebSocket-Version") == std::string::npos);
}

TEST_CASE("a response is framed by what is known of its body and by who reads it") {
    ResponseHead head;
    head.add("Server", "x");
    std::string const start = "HTTP/1.1 200 OK\r\nServer: x\r\n";
    ResponseReader const old{.version = HttpVersion::http1_0};

    CHECK(response_text(head, true) == start + "Content-Length: 0\r\n\r\n");
    head.body = BodyLength::unknown();
    CHECK(response_text(head, false) == start + "Transfer-Encoding: chunked\r\n\r\n");
    CHECK(response_text(head, true) == start + "Content-Length: 0\r\n\r\n");
    CHECK(response_text(head, false, old) == start + "Connection: close\r\n\r\n");
    head.body = BodyLength::known(3);
    CHECK(response_text(head, false) == start + "Content-Length: 3\r\n\r\n");
    CHECK(response_text(head, false, old) == start + "Content-Length: 3\r\nConnection: keep-alive\r\n\r\n");
    CHECK(response_text(head, false, {.keep_alive = false}) ==
          start + "Content-Length: 3\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a response without a body keeps the length that was declared") {
    ResponseHead head;
    head.declared_length = 42;
    CHECK(response_text(head, true, {.head_request = true}) ==
          "HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n");
    head.status = 304;
    CHECK(response_text(head, true) == "HTTP/1.1 304 Not Modified\r\nContent-Length: 42\r\n\r\n");
    head.declared_length.reset();
    CHECK(response_text(head, true) == "HTTP/1.1 304 Not Modified\r\n\r\n");
    head.status = 204;
    CHECK(response_text(head, true) == "HTTP/1.1 204 No Content\r\n\r\n");
    head.status = 200;
    CHECK(response_text(head, true, {.head_request = true}) == "HTTP/1.1 200 OK\r\n\r\n");
}

TEST_CASE("reasons are passed on, or looked up, or left out") {
    ResponseHead head;
    head.status = 418;
    head.reason = "Short and stout";
    CHECK(response_text(head, true).starts_with("HTTP/1.1 418 Short and stout\r\n"));
    head.reason = {};
    head.status = 299;
    CHECK(response_text(head, true).starts_with("HTTP/1.1 299 \r\n"));
    CHECK(reason_of(502) == "Bad Gateway");
}

TEST_CASE("informational responses and the switch of protocols have heads of their own") {
    ResponseHead head;
    head.status = 103;
    head.add("link", "</a>");
    CHECK(text([&](auto& out) { write_informational(out, head); }) ==
          "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");

    head.status = 200;
    head.protocol = "websocket";
    CHECK(text([&](auto& out) { write_switch(out, head, "ACCEPT"); }) ==
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nlink: </a>\r\n"
          "Sec-WebSocket-Accept: ACCEPT\r\n\r\n");
}
