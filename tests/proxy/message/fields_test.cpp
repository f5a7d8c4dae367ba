#include "proxy/message/fields.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace alert40::proxy;

TEST_CASE("names are known in any spelling, and nothing else is") {
    CHECK(classify("te") == FieldName::te);
    CHECK(classify("Host") == FieldName::host);
    CHECK(classify("CONTENT-LENGTH") == FieldName::content_length);
    CHECK(classify("Content-Location") == FieldName::content_location);
    CHECK(classify("Proxy-Connection") == FieldName::proxy_connection);
    CHECK(classify("sec-websocket-accept") == FieldName::sec_websocket_accept);
    CHECK(classify("Sec-WebSocket-Version") == FieldName::sec_websocket_version);

    for (auto const* other : {"", "x", "hos", "hosts", "content_length", "content-lengtg", "ho\xf3t",
                              "sec-websocket-versions", "a-name-that-is-longer-than-any-that-is-known"})
        CHECK(classify(other) == FieldName::other);
}

TEST_CASE("tokens compare without case, and only in ASCII") {
    CHECK(same_token("Keep-Alive", "keep-aLIVE"));
    CHECK_FALSE(same_token("close", "clos"));
    CHECK_FALSE(same_token("[", "{")); // differ by the bit that letters differ by
    CHECK_FALSE(same_token("\xc4", "\xe4"));
}

TEST_CASE("a list is read without white space and empty elements") {
    std::vector<std::string> tokens;
    for_each_token(" , a,\tb c \t,,d", [&](std::string_view token) { tokens.emplace_back(token); });
    CHECK(tokens == std::vector<std::string>{"a", "b c", "d"});
}

TEST_CASE("find gives the first field of a name, or nothing") {
    Fields const fields{{"Via", "1", FieldName::via}, {"via", "2", FieldName::via}};
    REQUIRE(find(fields, FieldName::via));
    CHECK(find(fields, FieldName::via)->value == "1");
    CHECK(find(fields, FieldName::date) == nullptr);
}
