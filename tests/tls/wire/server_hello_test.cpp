#include "tls/wire/server_hello.hpp"

#include "bytes/writer.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "tls/wire/server_key_exchange.hpp"

#include <algorithm>

using namespace alert40::tls::wire;
using alert40::bytes::Prefix;
using alert40::bytes::Writer;
using alert40::tests::Buffer;
using alert40::tests::hex;

namespace {

auto const any_random = Buffer(32, 0x77);
auto const retry_random = hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

/// A ServerHello that chose TLS_AES_128_GCM_SHA256; `extensions` without their length, nothing to leave it
/// out.
Buffer body(Buffer const& random, std::optional<Buffer> const& extensions) {
    Writer out;
    out.u16(0x0303).bytes(random).opaque<Prefix::u8>(hex("01020304")).u16(0x1301).u8(0);
    if (extensions) out.opaque<Prefix::u16>(*extensions);
    return out.take();
}

auto const tls13 = body(any_random, hex("002b 0002 0304"
                                        "0033 0006 001d 0002 abcd"));

} // namespace

TEST_CASE("a ServerHello is read field by field") {
    auto const hello = parse_server_hello(tls13);
    REQUIRE(hello.has_value());
    CHECK(hello->legacy_version == 0x0303);
    CHECK(std::ranges::equal(hello->random, any_random));
    CHECK(std::ranges::equal(hello->session_id, hex("01020304")));
    CHECK(hello->cipher_suite == 0x1301);
    CHECK(hello->version() == 0x0304);
    CHECK(hello->key_share_group() == 0x001d);
    CHECK_FALSE(hello->is_hello_retry_request());
}

TEST_CASE("a HelloRetryRequest is known by its random, and its key share is a group alone") {
    auto const bytes = body(retry_random, hex("002b 0002 0304 0033 0002 0018"));
    auto const hello = parse_server_hello(bytes);
    REQUIRE(hello.has_value());
    CHECK(hello->is_hello_retry_request());
    CHECK(hello->key_share_group() == 0x0018);
}

TEST_CASE("without supported_versions the legacy version is the version") {
    auto const bytes = body(any_random, std::nullopt);
    auto const hello = parse_server_hello(bytes);
    REQUIRE(hello.has_value());
    CHECK(hello->version() == 0x0303);
    CHECK(hello->extensions.empty());
    CHECK_FALSE(hello->key_share_group());
}

TEST_CASE("a broken extension reads as absent") {
    auto const bytes = body(any_random, hex("002b 0001 03 0033 0003 001d 00"));
    auto const hello = parse_server_hello(bytes);
    REQUIRE(hello.has_value());
    CHECK(hello->version() == 0x0303);
    CHECK_FALSE(hello->key_share_group());
}

TEST_CASE("a ServerHello that is cut anywhere is malformed, except before its extensions") {
    auto const before_extensions = body(any_random, std::nullopt).size();
    for (std::size_t size = 0; size < tls13.size(); ++size)
        CHECK(parse_server_hello(Bytes{tls13}.first(size)).has_value() == (size == before_extensions));
    auto longer = tls13;
    longer.push_back(0);
    CHECK(parse_server_hello(longer).error() == Malformed{Malformed::What::trailing_bytes, tls13.size()});
}

TEST_CASE("EncryptedExtensions carry the protocol") {
    auto const bytes = hex("0009 0010 0005 0003 02 6832");
    auto const extensions = parse_encrypted_extensions(bytes);
    REQUIRE(extensions.has_value());
    CHECK(alpn(*extensions) == std::vector<std::string_view>{"h2"});
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK(parse_encrypted_extensions(Bytes{bytes}.first(size)).has_error());
}

TEST_CASE("ServerKeyExchange names the curve of ECDHE") {
    CHECK(ecdhe_group(hex("03 001d 02 abcd 0403 0001 ff")) == 0x001d);
    CHECK_FALSE(ecdhe_group(hex("01 001d 02 abcd")));
    CHECK_FALSE(ecdhe_group(hex("03 001d 02 ab")));
    CHECK_FALSE(ecdhe_group({}));
}

TEST_CASE("ServerKeyExchange has the prime of DHE") {
    CHECK(dhe_prime_bits(hex("0003 00 80 01  0001 02  0001 05  0804 0001 ff")) == 16);
    CHECK(dhe_prime_bits(hex("0002 01 00  0001 02  0001 05")) == 9);
    CHECK(dhe_prime_bits(hex("0001 00  0001 02  0001 05")) == 0);
    CHECK_FALSE(dhe_prime_bits(hex("0003 00 80 01  0001 02  0001")));
    CHECK_FALSE(dhe_prime_bits(hex("0000 0001 02 0001 05")));
}

TEST_CASE("ServerKeyExchange of TLS 1.2 says how it is signed") {
    CHECK(key_exchange_signature(hex("03 001d 02 abcd  0403 0001 ff"), KeyExchangeKind::ecdhe) == 0x0403);
    CHECK(key_exchange_signature(hex("0001 17  0001 02  0001 05  0804 0001 ff"), KeyExchangeKind::dhe) ==
          0x0804);
    CHECK_FALSE(key_exchange_signature(hex("03 001d 02 abcd"), KeyExchangeKind::ecdhe));          // anonymous
    CHECK_FALSE(key_exchange_signature(hex("03 001d 02 abcd  0001 ff"), KeyExchangeKind::ecdhe)); // TLS 1.1
}
