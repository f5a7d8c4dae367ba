#include "tls/wire/iana.hpp"

#include "support/catch.hpp"

#include <set>
#include <string>

using namespace alert40::tls::wire;

TEST_CASE("codes have names") {
    CHECK(iana::spelled(iana::cipher_suites(), 0x1301) == "TLS_AES_128_GCM_SHA256");
    CHECK(iana::spelled(iana::cipher_suites(), 0xc02b) == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    CHECK(iana::spelled(iana::cipher_suites(), 0xcca8) == "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    CHECK(iana::spelled(iana::cipher_suites(), 0x000a) == "TLS_RSA_WITH_3DES_EDE_CBC_SHA");
    CHECK(iana::spelled(iana::cipher_suites(), iana::empty_renegotiation_info_scsv) ==
          "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
    CHECK(iana::spelled(iana::cipher_suites(), iana::fallback_scsv) == "TLS_FALLBACK_SCSV");
    CHECK(iana::spelled(iana::named_groups(), 23) == "secp256r1");
    CHECK(iana::spelled(iana::named_groups(), 29) == "x25519");
    CHECK(iana::spelled(iana::named_groups(), 0x0100) == "ffdhe2048");
    CHECK(iana::spelled(iana::named_groups(), 0x11ec) == "X25519MLKEM768");
    CHECK(iana::spelled(iana::signature_schemes(), 0x0403) == "ecdsa_secp256r1_sha256");
    CHECK(iana::spelled(iana::signature_schemes(), 0x0804) == "rsa_pss_rsae_sha256");
    CHECK(iana::spelled(iana::extension_types(), 0) == "server_name");
    CHECK(iana::spelled(iana::extension_types(), 41) == "pre_shared_key");
    CHECK(iana::spelled(iana::extension_types(), 43) == "supported_versions");
    CHECK(iana::spelled(iana::extension_types(), 51) == "key_share");
    CHECK(iana::spelled(iana::extension_types(), 0xfe0d) == "encrypted_client_hello");
    CHECK(iana::spelled(iana::extension_types(), 0xff01) == "renegotiation_info");
}

TEST_CASE("a code without a name is written as a number, and GREASE as GREASE") {
    CHECK(iana::spelled(iana::named_groups(), 0x00f0) == "0x00f0");
    CHECK(iana::spelled(iana::cipher_suites(), 0xfefe) == "0xfefe");
    CHECK(iana::spelled(iana::cipher_suites(), 0x1a1a) == "GREASE");
    CHECK(iana::spelled(iana::extension_types(), 0xfafa) == "GREASE");
    CHECK(iana::spelled(iana::extension_types(), 0x0a1a) == "0x0a1a");

    int greases = 0;
    for (int code = 0; code <= 0xffff; ++code)
        greases += iana::is_grease(static_cast<std::uint16_t>(code));
    CHECK(greases == 16);
}

TEST_CASE("each registry leads from a code to a name and back") {
    for (auto const registry :
         {iana::cipher_suites(), iana::named_groups(), iana::signature_schemes(), iana::extension_types()}) {
        std::set<std::string> names;
        for (auto const& row : registry) {
            INFO(row.name);
            CHECK(iana::name_of(registry, row.code) == row.name);
            CHECK(iana::code_of(registry, row.name) == row.code);
            CHECK_FALSE(iana::is_grease(row.code));
            CHECK(names.insert(std::string{row.name}).second);
        }
        CHECK_FALSE(iana::code_of(registry, "x"));
        CHECK_FALSE(iana::code_of(registry, ""));
    }
}
