#include "net/ip_endpoint.hpp"

#include "support/catch.hpp"

#include <netinet/in.h>

using alert40::net::IpEndpoint;

TEST_CASE("an address literal and a port") {
    auto const v4 = *IpEndpoint::parse("192.0.2.1", 443);
    CHECK(v4.text() == "192.0.2.1:443");
    CHECK_FALSE(v4.is_v6());
    CHECK(v4.size() == sizeof(sockaddr_in));
    CHECK(ntohs(reinterpret_cast<sockaddr_in const*>(v4.data())->sin_port) == 443);

    auto const v6 = *IpEndpoint::parse("2001:db8::1", 80);
    CHECK(v6.text() == "[2001:db8::1]:80");
    CHECK(v6.is_v6());
    CHECK(v6.size() == sizeof(sockaddr_in6));
}

TEST_CASE("an IPv6 zone is taken along") {
    auto const by_name = *IpEndpoint::parse("fe80::1%lo", 1);
    CHECK(reinterpret_cast<sockaddr_in6 const*>(by_name.data())->sin6_scope_id == 1);
    auto const by_number = *IpEndpoint::parse("fe80::1%7", 1);
    CHECK(reinterpret_cast<sockaddr_in6 const*>(by_number.data())->sin6_scope_id == 7);
    CHECK(by_name.address() == "fe80::1%lo");
}

TEST_CASE("what is no literal is none") {
    auto const text = GENERATE("", "a.test", "1", "127.1", "0x7f.0.0.1", "127.0.0.1.", "127.0.0.1%lo",
                               "[::1]", "::1::", "256.0.0.1", "localhost", "%lo");
    INFO(text);
    CHECK_FALSE(IpEndpoint::parse(text, 1));
}

TEST_CASE("loopback and unspecified addresses") {
    CHECK(IpEndpoint::parse("127.255.0.1", 1)->is_loopback());
    CHECK(IpEndpoint::parse("::1", 1)->is_loopback());
    CHECK(IpEndpoint::parse("::ffff:127.0.0.1", 1)->is_loopback());
    CHECK_FALSE(IpEndpoint::parse("128.0.0.1", 1)->is_loopback());
    CHECK_FALSE(IpEndpoint::parse("::2", 1)->is_loopback());
    CHECK(IpEndpoint::parse("0.0.0.0", 1)->is_unspecified());
    CHECK(IpEndpoint::parse("::", 1)->is_unspecified());
    CHECK_FALSE(IpEndpoint::parse("0.0.0.1", 1)->is_unspecified());
}
