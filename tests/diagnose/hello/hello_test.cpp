#include "diagnose/hello/hello.hpp"

#include "diagnose/hello/hex_text.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"

#include <string>

using namespace alert40;
using namespace alert40::diagnose;
using What = tls::wire::Malformed::What;

TEST_CASE("what real clients said is written back byte for byte") {
    for (std::string const name :
         {"curl", "git", "gnutls", "gnutls_tls12", "java", "node", "node_fetch", "nss", "openssl",
          "openssl_tls10", "openssl_tls12", "python", "python_urllib", "wget"}) {
        INFO(name);
        auto const bytes = tests::read_file("golden/tls/client_hello/" + name + ".bin");
        auto const hello = read_hello(bytes);
        REQUIRE(hello.has_value());
        CHECK(records_of(*hello) == bytes);
        CHECK(wire_size(*hello) == bytes.size());
    }
}

TEST_CASE("a bare message is read as well") {
    auto const hello = *read_hello(tests::read_file("golden/tls/client_hello/curl.bin"));
    CHECK(*read_hello(message_of(hello)) == hello);
}

TEST_CASE("what is no ClientHello is refused") {
    auto const bytes = tests::read_file("golden/tls/client_hello/curl.bin");
    auto const message = message_of(*read_hello(bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_FALSE(read_hello(tls::wire::Bytes(bytes).first(size)).has_value());
    for (std::size_t size = 0; size < message.size(); ++size)
        CHECK_FALSE(read_hello(tls::wire::Bytes(message).first(size)).has_value());
    CHECK(read_hello(tests::bytes_of("GET / HTTP/1.1\r\n\r\n")).error().what == What::illegal_value);

    auto large = *read_hello(bytes);
    large.extensions.push_back({21, Buffer(longest_hello)});
    CHECK(read_hello(records_of(large)).error().what == What::too_long);
    CHECK(read_hello(message_of(large)).error().what == What::too_long);
}

TEST_CASE("hex as people write it down") {
    Buffer const bytes{0x16, 0x03, 0x01, 0xff};
    for (auto const* const text : {"160301ff", "16 03 01 FF", "16:03:01:ff", "0x16, 0x03, 0x01, 0xff",
                                   R"("\x16\x03\x01\xff")", "# of somebody\n16 03 # a version\n01 ff\n"})
        CHECK(bytes_of_hex(text) == bytes);
    for (auto const* const text : {"1", "160", "16 0g", "hello", "16 0 3"})
        CHECK_FALSE(bytes_of_hex(text));
    CHECK(bytes_of_hex("") == Buffer{});
    CHECK(bytes_of_hex(hex_of(bytes)) == bytes);
    CHECK(hex_of(Buffer(33)).find('\n') == 32 * 3 - 1);
}
