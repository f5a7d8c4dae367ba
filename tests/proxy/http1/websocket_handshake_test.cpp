#include "proxy/http1/websocket_handshake.hpp"
#include "support/catch.hpp"

using namespace alert40::proxy::http1;

TEST_CASE("the accept value is that of RFC 6455 section 1.3") {
    CHECK(websocket::accept_for("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("a key is 16 bytes in base64, and another one each time") {
    auto const key = websocket::make_key();
    CHECK(key.size() == 24);
    CHECK(key.ends_with("=="));
    CHECK(key != websocket::make_key());
}
