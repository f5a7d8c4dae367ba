#include "tls/fingerprint/ja3.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"

using namespace alert40::tls;
using alert40::tests::ClientHelloBuilder;
using alert40::tests::hex;
using fingerprint::ja3_text;
using fingerprint::ja3s_text;

TEST_CASE("JA3 is five fields in the order of the wire, without GREASE") {
    auto builder = ClientHelloBuilder{};
    builder.suites({0x2a2a, 0x1301, 0xc02b, 0x00ff})
        .extension(0x3a3a)
        .server_name("example.com")
        .versions({0x0304})
        .groups({0x4a4a, 29, 23})
        .point_formats(hex("0001"))
        .extension(0xff01, hex("00"));
    CHECK(ja3_text(builder.hello()) == "771,4865-49195-255,0-43-10-11-65281,29-23,0-1");
}

TEST_CASE("fields of JA3 that a hello lacks are empty") {
    CHECK(ja3_text(ClientHelloBuilder{}.legacy_version(0x0301).suites({4, 5, 10}).hello()) ==
          "769,4-5-10,,,");
    CHECK(ja3_text(ClientHelloBuilder{}.suites({}).hello()) == "771,,,,");
}

TEST_CASE("JA3S is three fields of the answer") {
    wire::ServerHello answer;
    answer.cipher_suite = 0xc02f;
    answer.extensions = {{0xff01, {}}, {0, {}}, {11, {}}};
    CHECK(ja3s_text(answer) == "771,49199,65281-0-11");
    CHECK(ja3s_text({}) == "771,0,");
}

TEST_CASE("JA3 and JA3S are the MD5 of their text") {
    fingerprint::Digests const spelling{
        [](std::string_view text) { return "md5(" + std::string{text} + ')'; }, nullptr};
    CHECK(fingerprint::ja3(ClientHelloBuilder{}.suites({1}).hello(), spelling) == "md5(771,1,,,)");
    CHECK(fingerprint::ja3s({}, spelling) == "md5(771,0,)");
}
