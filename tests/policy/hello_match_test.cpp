#include "policy/hello_match.hpp"
#include "support/catch.hpp"

using namespace alert40;
using alert40::policy::HelloMatch;

namespace {

/// What a browser of today offers.
tls::Offered browser() {
    tls::Offered hello;
    hello.versions = {"GREASE", "1.3", "1.2"};
    hello.alpn = {"h2", "http/1.1"};
    hello.server_name = "api.example.com";
    hello.bytes = 517;
    hello.ja3 = "0123456789abcdef0123456789abcdef";
    hello.ja4 = "t13d1516h2_8daaf6152771_02713d6af862";
    return hello;
}

bool matches(HelloMatch const& match, tls::Offered const& hello = browser()) {
    return match.matches(hello);
}

} // namespace

TEST_CASE("without conditions every hello matches") {
    CHECK(matches({}));
    CHECK(matches({}, tls::Offered{}));
}

TEST_CASE("alpn: each of the protocols is offered") {
    CHECK(matches({.alpn = {"h2"}}));
    CHECK(matches({.alpn = {"http/1.1", "h2"}}));
    CHECK_FALSE(matches({.alpn = {"h2", "h3"}}));
    CHECK_FALSE(matches({.alpn = {"h2"}}, tls::Offered{}));
}

TEST_CASE("fingerprints: one of them, or the beginning of one") {
    CHECK(matches({.ja3 = {"ffffffffffffffffffffffffffffffff", browser().ja3}}));
    CHECK_FALSE(matches({.ja3 = {"ffffffffffffffffffffffffffffffff"}}));
    CHECK(matches({.ja4 = {browser().ja4}}));
    CHECK(matches({.ja4 = {"t12*", "t13d1516h2_*"}}));
    CHECK_FALSE(matches({.ja4 = {"t13d1516h1_*"}}));
    CHECK_FALSE(matches({.ja4 = {"t13d1516h2_"}}));
    CHECK_FALSE(matches({.ja4 = {"t*"}}, tls::Offered{}));
}

TEST_CASE("no_server_name: true asks for a hello without one, false for one with it") {
    auto nameless = browser();
    nameless.server_name.clear();
    CHECK(matches({.no_server_name = true}, nameless));
    CHECK_FALSE(matches({.no_server_name = true}));
    CHECK(matches({.no_server_name = false}));
    CHECK_FALSE(matches({.no_server_name = false}, nameless));
}

TEST_CASE("version_max: the highest version that is offered, in whatever order") {
    using tls::ProtocolVersion;
    CHECK(matches({.version_max = ProtocolVersion::tls1_3}));
    CHECK_FALSE(matches({.version_max = ProtocolVersion::tls1_2}));
    auto old = browser();
    old.versions = {"1.0", "1.2", "1.1"};
    CHECK(matches({.version_max = ProtocolVersion::tls1_2}, old));
    CHECK_FALSE(matches({.version_max = ProtocolVersion::tls1_3}, old));
    old.versions = {"GREASE", "0x7f1c"};
    CHECK_FALSE(matches({.version_max = ProtocolVersion::tls1_3}, old));
}

TEST_CASE("bytes_over: longer, not as long") {
    CHECK(matches({.bytes_over = 516}));
    CHECK_FALSE(matches({.bytes_over = 517}));
}

TEST_CASE("every condition has to hold") {
    CHECK(matches({.alpn = {"h2"}, .no_server_name = false, .bytes_over = 500}));
    CHECK_FALSE(matches({.alpn = {"h2"}, .no_server_name = true, .bytes_over = 500}));
}
