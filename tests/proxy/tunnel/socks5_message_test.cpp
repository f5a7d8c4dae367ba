#include "proxy/tunnel/socks5_message.hpp"

#include "support/bytes.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::proxy;
using tests::hex;

namespace {

/// Every beginning of a message wants more, and what follows it is not its own.
template <typename Parse>
auto whole(Parse parse, tests::Buffer bytes) {
    using Parsed = decltype(parse(bytes));
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        CAPTURE(n);
        CHECK(parse(std::span(bytes).first(n)).state == Parsed::State::incomplete);
    }
    auto const size = bytes.size();
    bytes.push_back(0x16);
    auto const parsed = parse(bytes);
    REQUIRE(parsed.state == Parsed::State::complete);
    CHECK(parsed.size == size);
    return parsed.message;
}

template <typename Parse>
bool refused(Parse parse, std::string_view bytes) {
    auto const parsed = parse(hex(bytes));
    return parsed.state == decltype(parsed)::State::malformed;
}

auto request(std::string_view bytes) {
    return whole(socks5::parse_request, hex(bytes));
}

} // namespace

TEST_CASE("a greeting lists methods (RFC 1928 section 3)") {
    CHECK(whole(socks5::parse_greeting, hex("05 01 00")).methods == tests::hex("00"));
    CHECK(whole(socks5::parse_greeting, hex("05 03 00 01 02")).methods == tests::hex("00 01 02"));
    CHECK(whole(socks5::parse_greeting, hex("05 00")).methods.empty());
    CHECK(refused(socks5::parse_greeting, "04"));
    CHECK(refused(socks5::parse_greeting, "04 01 01bb c0000207 00"));
}

TEST_CASE("a user name and a password (RFC 1929 section 2)") {
    auto const given = whole(socks5::parse_password, hex("01 05 616c696365 06 736563726574"));
    CHECK(given.username == "alice");
    CHECK(given.password == "secret");
    auto const nothing = whole(socks5::parse_password, hex("01 00 00"));
    CHECK(nothing.username.empty());
    CHECK(nothing.password.empty());
    CHECK(refused(socks5::parse_password, "05 01 61 01 62"));

    tests::Buffer longest = hex("01 ff");
    longest.insert(longest.end(), 255, 'u');
    longest.push_back(255);
    longest.insert(longest.end(), 255, 'p');
    CHECK(whole(socks5::parse_password, longest).password == std::string(255, 'p'));
}

TEST_CASE("a request names its target in one of three ways (RFC 1928 section 5)") {
    auto const ipv4 = request("05 01 00 01 c0000207 01bb");
    CHECK(ipv4.command == socks5::connect);
    CHECK(ipv4.host == "192.0.2.7");
    CHECK(ipv4.port == 443);

    auto const ipv6 = request("05 01 00 04 20010db8 00000000 00000000 00000001 20fb");
    CHECK(ipv6.host == "2001:db8::1");
    CHECK(ipv6.port == 8443);

    auto const name = request("05 01 00 03 0b 6f726967696e2e74657374 01bb");
    CHECK(name.host == "origin.test");
    CHECK(name.port == 443);

    CHECK(request("05 02 00 01 c0000207 0000").command == 2); // BIND
    CHECK(request("05 03 00 01 c0000207 0000").command == 3); // UDP ASSOCIATE
}

TEST_CASE("a request that cannot be one") {
    CHECK(refused(socks5::parse_request, "04"));
    CHECK(refused(socks5::parse_request, "05 01 00 03 00"));
    auto const odd = socks5::parse_request(hex("05 01 00 05 01 02 03"));
    REQUIRE(odd.state == socks5::Parsed<socks5::Request>::State::complete);
    CHECK(odd.message.host.empty()); // is told that we do not know its address type
}

TEST_CASE("replies, and what a status of HTTP is in SOCKS (RFC 1928 section 6)") {
    auto const bytes = socks5::reply(socks5::Reply::host_unreachable);
    CHECK(tests::Buffer(bytes.begin(), bytes.end()) == hex("05 04 00 01 00000000 0000"));
    CHECK(socks5::reply_for(403) == socks5::Reply::not_allowed);
    CHECK(socks5::reply_for(502) == socks5::Reply::connection_refused);
    CHECK(socks5::reply_for(504) == socks5::Reply::host_unreachable);
    CHECK(socks5::reply_for(400) == socks5::Reply::general_failure);
}
