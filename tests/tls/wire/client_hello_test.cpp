#include "tls/wire/client_hello.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"

#include <string_view>

using namespace alert40::tls::wire;
using alert40::tests::Buffer;
using alert40::tests::ClientHelloBuilder;
using alert40::tests::hex;
using What = Malformed::What;

namespace {

using Numbers = std::vector<std::uint16_t>;

ClientHelloBuilder usual() {
    ClientHelloBuilder hello;
    hello.session_id(Buffer(32, 0x55))
        .suites({0x1a1a, 0x1301, 0xc02b})
        .server_name("example.com")
        .extension(0x2a2a)
        .groups({0x001d, 0x0017})
        .point_formats(hex("00"))
        .signature_algorithms({0x0403, 0x0804})
        .alpn({"h2", "http/1.1"})
        .versions({0x0304, 0x0303})
        .key_shares({0x001d})
        .extension(0xfe0d, hex("010203"));
    return hello;
}

} // namespace

TEST_CASE("a ClientHello is read field by field, its extensions in order and verbatim") {
    auto const body = usual().body();
    auto const parsed = parse_client_hello(body);
    REQUIRE(parsed.has_value());
    auto const& hello = *parsed;

    CHECK(hello.legacy_version == 0x0303);
    CHECK(hello.session_id.size() == 32);
    CHECK(hello.cipher_suites == Numbers{0x1a1a, 0x1301, 0xc02b});
    CHECK(hello.compression_methods.size() == 1);

    Numbers types;
    for (auto const& extension : hello.extensions)
        types.push_back(extension.type);
    CHECK(types == Numbers{0, 0x2a2a, 10, 11, 13, 16, 43, 51, 0xfe0d});
    CHECK(std::ranges::equal(hello.extensions.back().data, hex("010203")));

    CHECK(server_name(hello.extensions) == "example.com");
    CHECK(supported_groups(hello.extensions) == Numbers{0x001d, 0x0017});
    CHECK(signature_algorithms(hello.extensions) == Numbers{0x0403, 0x0804});
    CHECK(alpn(hello.extensions) == std::vector<std::string_view>{"h2", "http/1.1"});
    CHECK(supported_versions(hello.extensions) == Numbers{0x0304, 0x0303});
    CHECK(key_share_groups(hello.extensions) == Numbers{0x001d});
    CHECK(ec_point_formats(hello.extensions)->size() == 1);
}

TEST_CASE("what was read is written again byte for byte") {
    auto const body = usual().body();
    CHECK(write_client_hello(*parse_client_hello(body)) == body);
}

TEST_CASE("a hello may end before its extensions (RFC 5246 section 7.4.1.2)") {
    auto const body = ClientHelloBuilder{}.legacy_version(0x0301).suites({0x002f}).body();
    auto const hello = parse_client_hello(body);
    REQUIRE(hello.has_value());
    CHECK(hello->extensions.empty());
    CHECK_FALSE(supported_versions(hello->extensions));
    CHECK(write_client_hello(*hello) == body);
}

TEST_CASE("a hello that is cut anywhere is malformed, except before its extensions") {
    auto const body = usual().body();
    auto const before_extensions = 2u + 32 + 33 + 2 + 6 + 2;
    for (std::size_t size = 0; size < body.size(); ++size) {
        INFO(size);
        auto const cut = parse_client_hello(Bytes{body}.first(size));
        CHECK(cut.has_value() == (size == before_extensions));
        if (cut.has_error()) {
            CHECK(cut.error().what == What::truncated);
            CHECK(cut.error().offset <= size);
        }
    }
}

TEST_CASE("a hello with bytes behind it, a long session id or half a suite is malformed") {
    auto body = usual().body();
    body.push_back(0);
    CHECK(parse_client_hello(body).error() == Malformed{What::trailing_bytes, body.size() - 1});

    CHECK(parse_client_hello(ClientHelloBuilder{}.session_id(Buffer(33)).suites({1}).body()).error() ==
          Malformed{What::truncated, 34});

    auto odd = ClientHelloBuilder{}.suites({0x1301}).body();
    odd[2 + 32 + 1 + 1] = 1; // the length of the suites
    CHECK(parse_client_hello(odd).error() == Malformed{What::truncated, 37});
}

TEST_CASE("a broken extension reads as absent, and leaves the rest alone") {
    auto const body = ClientHelloBuilder{}
                          .suites({0x1301})
                          .extension(0, hex("0005 00 0003 6162"))
                          .extension(10, hex("0003 001d 00"))
                          .extension(13, hex("0002 0403 ff"))
                          .extension(16, hex("0001 00"))
                          .extension(43, hex("02 0304"))
                          .extension(51, hex("0004 001d 0001"))
                          .body();
    auto const hello = parse_client_hello(body);
    REQUIRE(hello.has_value());
    CHECK_FALSE(server_name(hello->extensions));
    CHECK_FALSE(supported_groups(hello->extensions));
    CHECK_FALSE(signature_algorithms(hello->extensions));
    CHECK_FALSE(alpn(hello->extensions));
    CHECK_FALSE(key_share_groups(hello->extensions));
    CHECK(supported_versions(hello->extensions) == Numbers{0x0304});
    CHECK(write_client_hello(*hello) == body);
}

TEST_CASE("of several names the first host name counts") {
    ClientHelloBuilder hello;
    hello.extension(0, hex("000d 01 0001 78 00 0001 61 00 0002 6263"));
    CHECK(server_name(hello.hello().extensions) == "a");
}
