#include "policy/http_code.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;

TEST_CASE("an HTTP/2 error is known by name and by number, with a name or without") {
    CHECK(http2_error_named("ENHANCE_YOUR_CALM") == 0xbU);
    CHECK(http2_error_named("0xd") == 13U);
    CHECK(http2_error_named("13") == 13U);
    CHECK(http2_error_named("0xdeadbeef") == 0xdeadbeefU);
    CHECK(http2_error_named("4294967296") == std::nullopt);
    CHECK(http2_error_named("enhance_your_calm") == std::nullopt);
    CHECK(http2_error_named("") == std::nullopt);
    CHECK(http2_error_name(0xd) == "HTTP_1_1_REQUIRED");
    CHECK(http2_error_name(0xe).empty());
}

TEST_CASE("an RPC code is one that says that a call has failed") {
    CHECK(rpc_code_named("UNAVAILABLE") == 14U);
    CHECK(rpc_code_named("16") == 16U);
    CHECK(rpc_code_named("OK") == std::nullopt);
    CHECK(rpc_code_named("0") == std::nullopt);
    CHECK(rpc_code_named("17") == std::nullopt);
    CHECK(rpc_code_name(7) == "PERMISSION_DENIED");
    CHECK(rpc_code_names().size() == 16);
}
