#include "proxy/message/syntax.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40::proxy;
using namespace std::literals;

TEST_CASE("an authority is a host and perhaps a port") {
    for (auto const good :
         {"example.com"sv, "example.com:443"sv, "a_b.example"sv, "192.0.2.1:80"sv, "[::1]"sv,
          "[2001:db8::1]:8443"sv, "h"sv, "caf%C3%A9.example"sv, "example.com:"sv, "x:65535"sv}) {
        INFO(good);
        CHECK(valid_authority(good));
    }
    for (auto const bad : {""sv,         ":80"sv,     "user@example.com"sv,
                           "a b"sv,      "a/b"sv,     "a?b"sv,
                           "a#b"sv,      "a,b c"sv,   "x:65536"sv,
                           "x:8a"sv,     "x:1:2"sv,   "[::1"sv,
                           "::1"sv,      "[]"sv,      "[::1]x"sv,
                           "a%4"sv,      "a%zz"sv,    "caf\xc3\xa9"sv,
                           "a\\b"sv,     "a\0b"sv,    "x:+80"sv,
                           "x:000080"sv, "http://x"sv}) {
        INFO(bad);
        CHECK_FALSE(valid_authority(bad));
    }
    CHECK_FALSE(valid_authority(std::string(513, 'a')));
}

TEST_CASE("CONNECT wants a port") {
    CHECK(valid_connect_authority("example.com:443"));
    CHECK(valid_connect_authority("[::1]:443"));
    CHECK_FALSE(valid_connect_authority("example.com"));
    CHECK_FALSE(valid_connect_authority("example.com:"));
    CHECK_FALSE(valid_connect_authority("[::1]"));
}

TEST_CASE("a field value has no control but the tab, and no space around it") {
    for (auto const good : {""sv, "a"sv, "a b"sv, "a\tb"sv, "caf\xc3\xa9"sv, "\xff"sv})
        CHECK(valid_field_value(good));
    for (auto const bad :
         {"a\rb"sv, "a\nb"sv, "a\0b"sv, "\x7f"sv, "\x1b[0m"sv, " a"sv, "a "sv, "\ta"sv, "\t"sv})
        CHECK_FALSE(valid_field_value(bad));
}

TEST_CASE("names and methods are tokens") {
    for (auto const good : {"GET"sv, "M-SEARCH"sv, "x!#$%&'*+-.^_`|~9"sv}) {
        CHECK(valid_method(good));
        CHECK(valid_field_name(good));
    }
    for (auto const bad : {""sv, "a b"sv, "a:"sv, ":path"sv, "a\t"sv, "a\0"sv, "(a)"sv, "a\xc3"sv}) {
        CHECK_FALSE(valid_method(bad));
        CHECK_FALSE(valid_field_name(bad));
    }
    CHECK_FALSE(valid_method(std::string(65, 'A')));
}

TEST_CASE("a path begins with a slash and goes on without spaces, controls and fragment") {
    for (auto const good : {"/"sv, "/a?b=c&d=%20"sv, "//x"sv, "/{a|b}"sv, "/caf\xc3\xa9"sv})
        CHECK(valid_path(good));
    for (auto const bad : {""sv, "*"sv, "a"sv, "/a b"sv, "/a#b"sv, "/a\r"sv, "/\x7f"sv, "/a\0"sv})
        CHECK_FALSE(valid_path(bad));
}
