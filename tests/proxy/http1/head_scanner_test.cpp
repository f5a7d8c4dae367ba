#include "proxy/http1/head_scanner.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40::proxy::http1;
using Result = HeadScanner::Result;

namespace {

Result whole(std::string_view bytes) {
    return HeadScanner{}.scan(bytes);
}

Result byte_by_byte(std::string_view bytes) {
    HeadScanner scanner;
    auto result = Result::incomplete;
    for (std::size_t n = 1; n <= bytes.size() && result == Result::incomplete; ++n)
        result = scanner.scan(bytes.substr(0, n));
    return result;
}

} // namespace

TEST_CASE("a head ends with its first empty line, however it arrives") {
    struct Row {
        std::string bytes;
        Result expected;
    };

    for (auto const& [bytes, expected] : {
             Row{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Result::complete},
             Row{"GET / HTTP/1.1\r\n\r\nbody\nwith\rany\n", Result::complete},
             Row{"GET / HTTP/1.1\r\nHost: a\r\n", Result::incomplete},
             Row{"GET / HTTP/1.1\r\nHost: a\r\n\r", Result::incomplete},
             Row{"GET / HTTP/1.1\nHost: a\n\n", Result::malformed},
             Row{"GET / HTTP/1.1\r\nHost: a\n\r\n", Result::malformed},
             Row{"GET / HTTP/1.1\r\nHost: a\r\n\n", Result::malformed},
             Row{"GET / HTTP/1.1\r\nHost: a\r\n\rx", Result::malformed},
             Row{"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", Result::malformed},
             Row{"GET / HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n", Result::malformed},
             Row{"\n", Result::malformed},
         }) {
        INFO(bytes);
        CHECK(whole(bytes) == expected);
        CHECK(byte_by_byte(bytes) == expected);
    }
}

TEST_CASE("the size of a head includes its empty line and nothing behind it") {
    HeadScanner scanner;
    REQUIRE(scanner.scan("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET ") == Result::complete);
    CHECK(scanner.size() == std::string_view{"GET / HTTP/1.1\r\nHost: a\r\n\r\n"}.size());
    scanner.reset();
    CHECK(scanner.fresh());
}

TEST_CASE("what cannot become a request is known before its line is whole") {
    for (auto const* possible : {"", "G", "GET", "GET ", "GET /\x01", "M-SEARCH *"})
        CHECK(begins_request_line(possible));
    for (auto const* impossible : {" ", " GET", "\x16\x03\x01", "GE\tT", "{\"a\"", "(x) "})
        CHECK_FALSE(begins_request_line(impossible));
    CHECK_FALSE(begins_request_line(std::string(100, 'A')));
}

TEST_CASE("what cannot become a response is known from its first bytes") {
    for (auto const* possible : {"", "H", "HTTP/1.", "HTTP/1.1 200 OK"})
        CHECK(begins_status_line(possible));
    for (auto const* impossible : {"h", "HTTP/2", "SSH-2.0", "\x15\x03", "<html>"})
        CHECK_FALSE(begins_status_line(impossible));
}
