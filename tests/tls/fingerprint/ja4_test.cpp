#include "tls/fingerprint/ja4.hpp"

#include "real_digests.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"

using namespace alert40::tls;
using alert40::tests::ClientHelloBuilder;
using alert40::tests::hex;
using alert40::tests::real_digests;
using fingerprint::ja4;
using fingerprint::ja4_text;
using fingerprint::Transport;

namespace {

std::string readable(ClientHelloBuilder const& builder) {
    auto const text = ja4_text(builder.hello());
    return text.substr(0, text.find('_'));
}

/// The two characters for one ALPN name, and what they are of a hello that has nothing else.
std::string alpn_code(std::string_view name) {
    return readable(ClientHelloBuilder{}.alpn({name})).substr(8);
}

} // namespace

TEST_CASE("the example of the JA4 specification") {
    auto builder = ClientHelloBuilder{};
    builder
        .suites({0x5a5a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
                 0xc014, 0x009c, 0x009d, 0x002f, 0x0035})
        .extension(0x6a6a)
        .extension(0x001b)
        .server_name("example.com")
        .key_shares({0x7a7a, 0x001d})
        .alpn({"h2", "http/1.1"})
        .extension(0x4469)
        .extension(0x0017)
        .extension(0x002d)
        .signature_algorithms({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601})
        .extension(0x0005)
        .extension(0x0023)
        .extension(0x0012)
        .versions({0x8a8a, 0x0304, 0x0303})
        .extension(0xff01)
        .extension(0x000b)
        .groups({0x001d, 0x0017, 0x0018})
        .extension(0x0015)
        .extension(0x9a9a);
    CHECK(ja4_text(builder.hello()) ==
          "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_"
          "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_"
          "0403,0804,0401,0503,0805,0501,0806,0601");
    CHECK(ja4(builder.hello(), real_digests) == "t13d1516h2_8daaf6152771_e5627efa2ab1");
    CHECK(ja4(builder.hello(), real_digests, Transport::quic) == "q13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST_CASE("the example without signature algorithms ends without an underscore") {
    ClientHelloBuilder builder;
    for (auto const type : {0x0005, 0x000a, 0x000b, 0x000d, 0x0012, 0x0015, 0x0017, 0x001b, 0x0023, 0x002b,
                            0x002d, 0x0033, 0x4469, 0xff01})
        builder.extension(static_cast<std::uint16_t>(type));
    CHECK(ja4(builder.hello(), real_digests) == "t12i001400_000000000000_6d807ffa2a79");
}

TEST_CASE("a hello without suites and extensions has zeros for hashes") {
    CHECK(ja4(ClientHelloBuilder{}.hello(), real_digests) == "t12i000000_000000000000_000000000000");
    CHECK(ja4(ClientHelloBuilder{}.server_name("a").alpn({"h2"}).hello(), real_digests) ==
          "t12d0002h2_000000000000_000000000000");
}

TEST_CASE("the version is the highest that is offered") {
    CHECK(readable(ClientHelloBuilder{}.versions({0x0303, 0xfafa, 0x0304})).substr(0, 3) == "t13");
    CHECK(readable(ClientHelloBuilder{}.legacy_version(0x0302)).substr(0, 3) == "t11");
    CHECK(readable(ClientHelloBuilder{}.legacy_version(0x0301)).substr(0, 3) == "t10");
    CHECK(readable(ClientHelloBuilder{}.legacy_version(0x0300)).substr(0, 3) == "ts3");
    CHECK(readable(ClientHelloBuilder{}.legacy_version(0x0305)).substr(0, 3) == "t00");
}

TEST_CASE("counts have two digits and stop at 99") {
    CHECK(readable(ClientHelloBuilder{}.suites({1, 2, 3})) == "t12i030000");
    CHECK(readable(ClientHelloBuilder{}.suites(std::vector<std::uint16_t>(250, 1))) == "t12i990000");
}

TEST_CASE("ALPN is the ends of the first name, or of its hex form: the examples of the specification") {
    CHECK(alpn_code("http/1.1") == "h1");
    CHECK(alpn_code("h") == "hh");
    CHECK(alpn_code("\xab") == "ab");
    CHECK(alpn_code(" ") == "20");
    CHECK(alpn_code("\xab\xcd") == "ad");
    CHECK(alpn_code("\x20\x61") == "21");
    CHECK(alpn_code("\x30\xab") == "3b");
    CHECK(alpn_code("\x61\x20") == "60");
    CHECK(alpn_code("\x30\x31\xab\xcd") == "3d");
    CHECK(alpn_code("\x30\xab\xcd\x31") == "01");
}
