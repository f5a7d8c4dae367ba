#include "tls/wire/describe.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"

using namespace alert40::tls;
using namespace alert40::tls::wire;
using alert40::tests::Buffer;
using alert40::tests::ClientHelloBuilder;
using alert40::tests::hex;

namespace {

using Strings = std::vector<std::string>;

Negotiated described(ServerHello const& answer, Buffer const& offered_session_id = {}) {
    return describe(answer, offered_session_id);
}

} // namespace

TEST_CASE("an offer is described in the words of the record") {
    auto builder = ClientHelloBuilder{};
    builder.suites({0x8a8a, 0x1301, 0xc02b, 0xfefe})
        .server_name("example.com")
        .groups({0x1a1a, 0x001d, 0x0017, 0x11ec})
        .signature_algorithms({0x0403, 0x0804, 0x0101})
        .alpn({"h2", "http/1.1"})
        .versions({0x7a7a, 0x0304, 0x0303, 0x7f1c});
    auto const offered = describe(builder.hello(), 517);

    CHECK(offered.versions == Strings{"GREASE", "1.3", "1.2", "0x7f1c"});
    CHECK(offered.cipher_suites ==
          Strings{"GREASE", "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "0xfefe"});
    CHECK(offered.groups == Strings{"GREASE", "x25519", "secp256r1", "X25519MLKEM768"});
    CHECK(offered.signature_algorithms ==
          Strings{"ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256", "rsa_pkcs1_md5"});
    CHECK(offered.alpn == Strings{"h2", "http/1.1"});
    CHECK(offered.server_name == "example.com");
    CHECK(offered.bytes == 517);
    CHECK(offered.ja3.empty());
    CHECK(offered.ja4.empty());
    CHECK_FALSE(offered.scsv);
    CHECK_FALSE(offered.resumption);
}

TEST_CASE("an old hello offers one version, the highest it knows") {
    CHECK(describe(ClientHelloBuilder{}.legacy_version(0x0301).hello(), 0).versions == Strings{"1.0"});
    CHECK(describe(ClientHelloBuilder{}.legacy_version(0x0300).hello(), 0).versions == Strings{"ssl3"});
}

TEST_CASE("the fallback SCSV is seen") {
    CHECK(describe(ClientHelloBuilder{}.suites({0xc02b, 0x5600}).hello(), 0).scsv);
    CHECK_FALSE(describe(ClientHelloBuilder{}.suites({0xc02b, 0x00ff}).hello(), 0).scsv);
}

TEST_CASE("resumption is offered by a pre-shared key, a ticket, or the session id of an old hello") {
    auto offers = [](ClientHelloBuilder const& hello) { return describe(hello.hello(), 0).resumption; };
    auto const id = Buffer(32, 1);
    CHECK(offers(ClientHelloBuilder{}.versions({0x0304}).extension(41, hex("00"))));
    CHECK(offers(ClientHelloBuilder{}.extension(35, hex("aabb"))));
    CHECK(offers(ClientHelloBuilder{}.session_id(id)));
    CHECK_FALSE(offers(ClientHelloBuilder{}.extension(35)));
    CHECK_FALSE(offers(ClientHelloBuilder{}.session_id(id).versions({0x0304, 0x0303})));
}

TEST_CASE("names from the wire are made harmless") {
    CHECK(printable("a\nb\\c\x7f\xc3") == "a\\x0ab\\x5cc\\x7f\\xc3");
    CHECK(protocol_text("http/1.1") == "http/1.1");
    CHECK(protocol_text("\x1a\x1a") == "GREASE");
    CHECK(protocol_text("\x1a\x1b") == "\\x1a\\x1b");
    CHECK(describe(ClientHelloBuilder{}.server_name("a\r\nb").hello(), 0).server_name == "a\\x0d\\x0ab");
    CHECK(describe(ClientHelloBuilder{}.alpn({"\x01"}).hello(), 0).alpn == Strings{"\\x01"});
}

TEST_CASE("an answer of TLS 1.3 is described") {
    auto const version = hex("0304");
    auto const share = hex("001d 0001 ff");
    auto const key = hex("0000");
    ServerHello answer;
    answer.cipher_suite = 0x1302;
    answer.extensions = {{43, version}, {51, share}};
    auto const negotiated = described(answer);
    CHECK(negotiated.version == "1.3");
    CHECK(negotiated.cipher_suite == "TLS_AES_256_GCM_SHA384");
    CHECK(negotiated.group == "x25519");
    CHECK(negotiated.alpn.empty());
    CHECK_FALSE(negotiated.resumed);
    CHECK_FALSE(negotiated.no_secure_renegotiation); // there is no renegotiation

    answer.extensions.push_back({41, key});
    CHECK(described(answer).resumed);
}

TEST_CASE("the echo of a session id means resumption up to TLS 1.2, and nothing in 1.3") {
    auto const id = Buffer(32, 7);
    auto const version = hex("0304");
    ServerHello answer;
    answer.session_id = id;
    CHECK(described(answer, id).resumed);
    CHECK_FALSE(described(answer, Buffer(32, 8)).resumed);
    CHECK_FALSE(described({}, {}).resumed);

    answer.extensions = {{43, version}};
    CHECK_FALSE(described(answer, id).resumed);
}

TEST_CASE("an answer of TLS 1.2 names its protocol itself") {
    auto const h2 = hex("0003 02 6832");
    ServerHello answer;
    answer.cipher_suite = 0xc02b;
    answer.extensions = {{16, h2}};
    auto const negotiated = described(answer);
    CHECK(negotiated.version == "1.2");
    CHECK(negotiated.alpn == "h2");
    CHECK(negotiated.group.empty());
    CHECK(negotiated.no_secure_renegotiation);

    auto const none = hex("00");
    answer.extensions.push_back({0xff01, none});
    CHECK_FALSE(described(answer).no_secure_renegotiation);
}
