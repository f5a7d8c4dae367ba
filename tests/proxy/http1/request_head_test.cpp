#include "proxy/http1/request_head.hpp"

#include "proxy/http1/head_scanner.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace alert40::proxy;
using namespace alert40::proxy::http1;
using namespace std::literals;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Parsed {
    RequestHead head;
    RequestTerms terms;
    std::uint16_t status = 0; ///< of the refusal; 0: accepted

    Pairs fields() const {
        Pairs all;
        for (auto const& field : head.fields)
            all.emplace_back(field.name, field.value);
        return all;
    }
};

Parsed parse(std::string_view text) {
    Parsed parsed;
    if (HeadScanner{}.scan(text) != HeadScanner::Result::complete) {
        parsed.status = 400;
    } else if (auto const refusal = parse_request_head(text, parsed.head, parsed.terms)) {
        parsed.status = refusal->status;
        CHECK_FALSE(refusal->reason.empty());
    }
    return parsed;
}

/// A request with these lines, otherwise as good as any.
Parsed with(std::string const& lines) {
    return parse("POST / HTTP/1.1\r\nHost: example.com\r\n" + lines + "\r\n");
}

} // namespace

TEST_CASE("a request is what both versions can say of it") {
    auto const request = parse("GET /path?query HTTP/1.1\r\n"
                               "Host: example.com:8080\r\n"
                               "User-Agent:  curl/8 \t\r\n"
                               "Connection: keep-alive, X-Hop\r\n"
                               "X-Hop: 1\r\n"
                               "TE: trailers, deflate\r\n"
                               "Cookie: a=1\r\n"
                               "X-Empty:\r\n"
                               "Cookie: b=2\r\n\r\n");
    REQUIRE(request.status == 0);
    auto const& head = request.head;
    CHECK(head.version == HttpVersion::http1_1);
    CHECK(head.method == "GET");
    CHECK(head.scheme.empty());
    CHECK(head.authority == "example.com:8080");
    CHECK(head.path == "/path?query");
    CHECK(head.protocol.empty());
    CHECK(head.trailers_accepted);
    CHECK_FALSE(head.absolute_form);
    CHECK(head.body == BodyLength::none());
    CHECK(request.terms.keep_alive);
    CHECK(request.fields() == Pairs{{"User-Agent", "curl/8"}, {"Cookie", "a=1; b=2"}, {"X-Empty", ""}});
}

TEST_CASE("the target has the form that the method allows") {
    struct Row {
        std::string line;
        std::string scheme, authority, path;
        bool absolute = false;
    };

    for (auto const& row : {
             Row{"GET /", "", "host.example", "/"},
             Row{"GET //x/y?z", "", "host.example", "//x/y?z"},
             Row{"OPTIONS *", "", "host.example", "*"},
             Row{"GET http://other.example/a?b", "http", "other.example", "/a?b", true},
             Row{"GET HTTPS://other.example:8443/", "https", "other.example:8443", "/", true},
             Row{"GET http://other.example", "http", "other.example", "/", true},
             Row{"GET http://other.example?q", "http", "other.example", "/?q", true},
             Row{"OPTIONS http://other.example", "http", "other.example", "*", true},
             Row{"GET http://[::1]:80/", "http", "[::1]:80", "/", true},
             Row{"CONNECT other.example:443", "", "other.example:443", ""},
         }) {
        INFO(row.line);
        auto const request = parse(row.line + " HTTP/1.1\r\nHost: host.example\r\n\r\n");
        REQUIRE(request.status == 0);
        CHECK(request.head.scheme == row.scheme);
        CHECK(request.head.authority == row.authority);
        CHECK(request.head.path == row.path);
        CHECK(request.head.absolute_form == row.absolute);
    }
}

TEST_CASE("what ends a body and a connection is read from the fields") {
    CHECK(with("Content-Length: 5\r\n").terms.body == Framing::of_length(5));
    CHECK(with("Content-Length: 5\r\n").head.body == BodyLength::known(5));
    CHECK(with("Content-Length: 0\r\n").head.body == BodyLength::known(0));
    CHECK(with("Transfer-Encoding: Chunked\r\n").terms.body == Framing::chunked());
    CHECK(with("Transfer-Encoding:\tchunked\t\r\n").head.body == BodyLength::unknown());
    CHECK(with("Transfer-Encoding: chunked\r\n").head.fields.empty());
    CHECK(with("").terms.body == Framing::none());
    CHECK_FALSE(with("Connection: close\r\n").terms.keep_alive);
    CHECK_FALSE(with("Connection: foo\r\nConnection: keep-alive, CLOSE\r\n").terms.keep_alive);
    CHECK_FALSE(parse("GET / HTTP/1.0\r\n\r\n").terms.keep_alive);
    CHECK(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").terms.keep_alive);
}

TEST_CASE("HTTP/1.0 may leave Host out, and cannot wait for 100") {
    auto const request = parse("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
    REQUIRE(request.status == 0);
    CHECK(request.head.version == HttpVersion::http1_0);
    CHECK(request.head.authority.empty());
    CHECK(request.head.fields.empty());
    CHECK(with("Expect: 100-continue\r\n").fields() == Pairs{{"Expect", "100-continue"}});
}

TEST_CASE("an upgrade is taken where it can be had") {
    auto const get = [](std::string const& lines) {
        return parse("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
    };
    auto const websocket = get("Upgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: k\r\n");
    CHECK(websocket.head.protocol == "websocket");
    CHECK(websocket.fields() == Pairs{{"Sec-WebSocket-Key", "k"}});
    CHECK(get("Upgrade: foo/2, bar\r\nConnection: upgrade\r\n").head.protocol == "bar"); // without versions
    CHECK(get("Upgrade: h2, bar\r\nConnection: upgrade\r\n").head.protocol == "bar");

    CHECK(get("Upgrade: websocket\r\n").head.protocol.empty());
    CHECK(get("Upgrade: websocket\r\nUpgrade: x\r\nConnection: upgrade\r\n").head.protocol.empty());
    CHECK(get("Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 1\r\n").head.protocol.empty());
    CHECK(with("Upgrade: websocket\r\nConnection: upgrade\r\n").head.protocol.empty());
    CHECK(parse("GET / HTTP/1.0\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n").head.protocol.empty());
}

TEST_CASE("h2c is offered with its settings, once, by name, and without a body") {
    std::string const settings = "HTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    auto const offered = [&](std::string const& lines) { return with(lines).terms.http2_settings; };
    CHECK(offered(settings + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n") ==
          std::string("\0\3\0\0\0\x64\0\4\0\0\xff\xff"s));
    CHECK(offered("HTTP2-Settings:\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n") == ""s);

    CHECK_FALSE(offered(settings + "Upgrade: h2c\r\nConnection: Upgrade\r\n"));
    CHECK_FALSE(offered(settings + "Connection: Upgrade, HTTP2-Settings\r\n"));
    CHECK_FALSE(offered("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"));
    CHECK_FALSE(offered(settings + settings + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"));
    CHECK_FALSE(
        offered(settings + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 1\r\n"));
    CHECK_FALSE(offered("HTTP2-Settings: AAMA\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"));
    CHECK_FALSE(
        offered("HTTP2-Settings: AAMAAABk=\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"));
}

TEST_CASE("ambiguous and malformed requests are refused") {
    struct Row {
        std::string_view name;
        std::string bytes;
        std::uint16_t status = 400;
    };

    std::string const host = "Host: a\r\n";
    auto const post = [&](std::string const& lines) { return "POST / HTTP/1.1\r\n" + host + lines + "\r\n"; };
    auto const line = [&](std::string const& text) { return text + "\r\n" + host + "\r\n"; };
    for (auto const& row : std::vector<Row>{
             // framing
             {"CL.TE", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n")},
             {"TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n")},
             {"CL.0 and TE", post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")},
             {"CL and unknown TE", post("Content-Length: 6\r\nTransfer-Encoding: x\r\n")},
             {"differing CL", post("Content-Length: 5\r\nContent-Length: 6\r\n")},
             {"repeated CL", post("Content-Length: 5\r\nContent-Length: 5\r\n")},
             {"CL list", post("Content-Length: 1, 1\r\n")},
             {"CL differing list", post("Content-Length: 1, 2\r\n")},
             {"CL trailing comma", post("Content-Length: 1,\r\n")},
             {"CL plus", post("Content-Length: +5\r\n")},
             {"CL minus", post("Content-Length: -5\r\n")},
             {"CL hex", post("Content-Length: 0x5\r\n")},
             {"CL empty", post("Content-Length:\r\n")},
             {"CL words", post("Content-Length: five\r\n")},
             {"CL inner space", post("Content-Length: 1 0\r\n")},
             {"CL underscore", post("Content-Length: 1_0\r\n")},
             {"CL fraction", post("Content-Length: 1.0\r\n")},
             {"CL overflow", post("Content-Length: 18446744073709551616\r\n")},
             {"CL overflow by zeros", post("Content-Length: 00000000000000000000005\r\n")},
             {"TE twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
             {"TE twice in a list", post("Transfer-Encoding: chunked, chunked\r\n"), 501},
             {"TE identity", post("Transfer-Encoding: identity\r\n")},
             {"TE gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 501},
             {"TE chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n")},
             {"TE gzip and chunked in two fields",
              post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")},
             {"TE xchunked", post("Transfer-Encoding: xchunked\r\n")},
             {"TE chunked with parameter", post("Transfer-Encoding: chunked;a=b\r\n")},
             {"TE quoted", post("Transfer-Encoding: \"chunked\"\r\n")},
             {"TE empty", post("Transfer-Encoding:\r\n")},
             {"TE vertical tab", post("Transfer-Encoding: \x0b"
                                      "chunked\r\n")},
             {"TE form feed behind", post("Transfer-Encoding: chunked\x0c\r\n")},
             {"TE NUL", post("Transfer-Encoding: chunked\0\r\n"s)},
             {"TE latin-1 space", post("Transfer-Encoding: \xa0"
                                       "chunked\r\n")},
             {"TE in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
             {"space before the colon", post("Transfer-Encoding : chunked\r\n")},
             {"tab before the colon", post("Transfer-Encoding\t: chunked\r\n")},
             {"space before the colon of CL", post("Content-Length : 5\r\n")},
             {"CONNECT with a body", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: 5\r\n\r\n"},
             // lines
             {"bare LF", "GET / HTTP/1.1\nHost: a\n\n"},
             {"bare LF behind a field", post("X: 1\nTransfer-Encoding: chunked\r\n")},
             {"bare CR in a value", post("X: 1\rTransfer-Encoding: chunked\r\n")},
             {"bare CR as a line end", post("X: 1\r\rY: 2\r\n")},
             {"CR in a name", post("X\r: 1\r\n")},
             {"obs-fold", post("X: 1\r\n 2\r\n")},
             {"obs-fold by tab", post("X: 1\r\n\t2\r\n")},
             {"obs-fold of the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
             {"obs-fold of TE", post("Transfer-Encoding:\r\n chunked\r\n")},
             // fields
             {"no colon", post("X\r\n")},
             {"empty name", post(": 1\r\n")},
             {"space in a name", post("X Y: 1\r\n")},
             {"leading space before a name", "GET / HTTP/1.1\r\nHost: a\r\n X: 1\r\n\r\n"},
             {"pseudo field", post(":path: /\r\n")},
             {"bracket in a name", post("X[0]: 1\r\n")},
             {"NUL in a name", post("X\0Y: 1\r\n"s)},
             {"8-bit name", post("X\xe9: 1\r\n")},
             {"NUL in a value", post("X: a\0b\r\n"s)},
             {"control in a value", post("X: a\x1b[0m\r\n")},
             {"DEL in a value", post("X: a\x7f\r\n")},
             {"too many fields", post([] {
                  std::string lines;
                  for (std::size_t i = 0; i < limits::fields; ++i)
                      lines += "X: 1\r\n";
                  return lines;
              }()),
              431},
             // Host
             {"no Host", "GET / HTTP/1.1\r\n\r\n"},
             {"no Host with an absolute target", "GET http://a/ HTTP/1.1\r\n\r\n"},
             {"two Hosts", post("Host: a\r\n")},
             {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
             {"two Hosts with an absolute target", "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
             {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
             {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
             {"Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
             {"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
             {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
             {"Host with a bad port", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"},
             {"Host malformed beside an absolute target", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n"},
             // request line
             {"HTTP/0.9", "GET /\r\n\r\n"},
             {"HTTP/0.9 by name", line("GET / HTTP/0.9"), 505},
             {"HTTP/1.2", line("GET / HTTP/1.2"), 505},
             {"HTTP/2.0", line("GET / HTTP/2.0"), 505},
             {"HTTP/11", line("GET / HTTP/11")},
             {"HTTP/1.10", line("GET / HTTP/1.10")},
             {"HTTP/1.", line("GET / HTTP/1.")},
             {"lower-case version", line("GET / http/1.1")},
             {"other protocol", line("GET / HTTQ/1.1")},
             {"version with a space behind", line("GET / HTTP/1.1 ")},
             {"two versions", line("GET / HTTP/1.1 HTTP/1.1")},
             {"space in the target", line("GET /a b HTTP/1.1")},
             {"two spaces", line("GET  / HTTP/1.1")},
             {"two spaces before the version", line("GET /  HTTP/1.1")},
             {"tab", line("GET\t/ HTTP/1.1")},
             {"leading space", line(" GET / HTTP/1.1")},
             {"leading CRLF twice", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
             {"no method", line("/ HTTP/1.1")},
             {"method with a colon", line("GET: / HTTP/1.1")},
             {"method with brackets", line("(GET) / HTTP/1.1")},
             {"endless method", line(std::string(65, 'A') + " / HTTP/1.1")},
             {"NUL in the target", line("GET /\0 HTTP/1.1"s)},
             {"DEL in the target", line("GET /\x7f HTTP/1.1")},
             {"fragment", line("GET /a#b HTTP/1.1")},
             {"fragment behind an absolute target", line("GET http://a/#b HTTP/1.1")},
             {"fragment instead of a path", line("GET http://a#b HTTP/1.1")},
             {"relative target", line("GET a HTTP/1.1")},
             {"empty target", line("GET  HTTP/1.1")},
             {"asterisk", line("GET * HTTP/1.1")},
             {"asterisk with more", line("OPTIONS *a HTTP/1.1")},
             {"unknown scheme", line("GET ftp://a/ HTTP/1.1")},
             {"scheme alone", line("GET http:/a HTTP/1.1")},
             {"absolute target without a host", line("GET http:///a HTTP/1.1")},
             {"absolute target with a port alone", line("GET http://:80/ HTTP/1.1")},
             {"absolute target with a user", line("GET http://u:p@a/ HTTP/1.1")},
             {"CONNECT without a port", line("CONNECT a HTTP/1.1")},
             {"CONNECT with a path", line("CONNECT a:443/ HTTP/1.1")},
             {"CONNECT with a URL", line("CONNECT https://a:443 HTTP/1.1")},
             {"authority-form without CONNECT", line("GET a:443 HTTP/1.1")},
         }) {
        INFO(row.name);
        CHECK(parse(row.bytes).status == row.status);
    }
}
