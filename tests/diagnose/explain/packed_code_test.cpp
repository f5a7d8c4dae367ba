#include "diagnose/explain/packed_code.hpp"
#include "support/catch.hpp"

using namespace alert40::explain;
using alert40::tls::AlertDescription;

TEST_CASE("the layout of a packed code tells who packed it, and the reason is an alert or a finding") {
    CHECK(unpack(0x14094410) == PackedCode{Family::openssl_1, 0x410, AlertDescription::handshake_failure});
    CHECK(unpack(0x0a000410) == PackedCode{Family::openssl_3, 0x410, AlertDescription::handshake_failure});
    CHECK(unpack(0x10000410) == PackedCode{Family::boringssl, 0x410, AlertDescription::handshake_failure});
    CHECK(unpack(0x1409442e) == PackedCode{Family::openssl_1, 0x42e, AlertDescription::protocol_version});
    CHECK(unpack(0x0a0004b0) == PackedCode{Family::openssl_3, 0x4b0, static_cast<AlertDescription>(200)});
    CHECK(unpack(0x0a00010b) == PackedCode{Family::openssl_3, 0x10b, Trouble::not_tls});
    CHECK(unpack(0x1408f10b) == PackedCode{Family::openssl_1, 0x10b, Trouble::not_tls});
    CHECK(unpack(0x100000f7) == PackedCode{Family::boringssl, 0xf7, Trouble::not_tls});
    CHECK(unpack(0x0a00018a) == PackedCode{Family::openssl_3, 0x18a, Trouble::small_dh});
}

TEST_CASE("a reason that says little has no subject, and another library has no code of TLS") {
    CHECK(unpack(0x0a0c0103) == PackedCode{Family::openssl_3, 0xc0103, std::nullopt}); // malloc failure
    CHECK_FALSE(unpack(0x0308010c)); // digital envelope routines
    CHECK_FALSE(unpack(0x02001002)); // system library
    CHECK_FALSE(unpack(0));
    CHECK_FALSE(unpack(0xffffffff));
}
