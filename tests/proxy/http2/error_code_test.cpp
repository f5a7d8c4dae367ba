#include "proxy/http2/error_code.hpp"
#include "support/catch.hpp"

using namespace alert40::proxy::http2;

TEST_CASE("error codes have the names of RFC 9113") {
    CHECK(describe(0) == "NO_ERROR (0x0)");
    CHECK(describe(0xd) == "HTTP_1_1_REQUIRED (0xd)");
    CHECK(describe(0xffffffff) == "unknown code (0xffffffff)");
}

TEST_CASE("three codes refuse HTTP/2 itself") {
    std::uint32_t refusing = 0;
    for (std::uint32_t code = 0; code < 32; ++code)
        if (refuses_http2(code)) refusing |= 1u << code;
    CHECK(refusing == (1u << 0x1 | 1u << 0xc | 1u << 0xd));
}
