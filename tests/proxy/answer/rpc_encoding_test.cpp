#include "proxy/answer/rpc_encoding.hpp"
#include "support/catch.hpp"

using namespace alert40::proxy;

TEST_CASE("an envelope is flags, length and message") {
    CHECK(envelope(2, "abc") == std::string("\x02\0\0\0\x03"
                                            "abc",
                                            8));
    CHECK(envelope(0x80, std::string(0x1234, 'x')).substr(0, 5) == std::string("\x80\0\0\x12\x34", 5));
    CHECK(envelope(0, "") == std::string(5, '\0'));
}

TEST_CASE("a grpc-message is percent-encoded") {
    CHECK(percent_encoded("alert 40: 100% ~") == "alert 40: 100%25 ~");
    CHECK(percent_encoded("a\r\n\xc3\xbc\x7f") == "a%0D%0A%C3%BC%7F");
}
