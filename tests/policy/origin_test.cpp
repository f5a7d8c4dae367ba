#include "policy/origin.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;

TEST_CASE("an origin is written without its usual port, and IPv6 in brackets") {
    CHECK(Origin{"https", "example.com", 443}.text() == "https://example.com");
    CHECK(Origin{"https", "example.com", 80}.text() == "https://example.com:80");
    CHECK(Origin{"http", "example.com", 80}.text() == "http://example.com");
    CHECK(Origin{"https", "::1", 8443}.text() == "https://[::1]:8443");
    CHECK(Origin{"https", "::1", 8443}.authority() == "[::1]:8443");
    CHECK(Endpoint{"127.0.0.1", 4040}.text() == "127.0.0.1:4040");
    CHECK(Endpoint{"::1", 4040}.text() == "[::1]:4040");
}

TEST_CASE("an origin is read from a URL that is nothing but an origin") {
    CHECK(parse_origin("https://example.com") == Origin{"https", "example.com", 443});
    CHECK(parse_origin("HTTPS://Example.com/") == Origin{"https", "example.com", 443});
    CHECK(parse_origin("http://example.com") == Origin{"http", "example.com", 80});
    CHECK(parse_origin("https://[2001:DB8::1]:8443") == Origin{"https", "2001:db8::1", 8443});
    for (auto const* bad :
         {"example.com", "ftp://example.com", "https://", "https:///", "https://example.com/a",
          "https://example.com//", "https://user@example.com", "https://user:pass@example.com",
          "https://example.com:", "https://example.com:0", "https://example.com:65536",
          "https://example.com:+443", "https://example.com:443x", "https://:443", "https://::1",
          "https://example.com?x", "https://example.com#x", "https://exa mple.com", "://example.com"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_origin(bad));
    }
}

TEST_CASE("a host with a port is read in each spelling that people use") {
    CHECK(parse_host_port("example.com") == HostPort{"example.com", std::nullopt});
    CHECK(parse_host_port("Example.com:8443") == HostPort{"example.com", std::uint16_t{8443}});
    CHECK(parse_host_port(":8443") == HostPort{"", std::uint16_t{8443}});
    CHECK(parse_host_port("[::1]:80") == HostPort{"::1", std::uint16_t{80}});
    CHECK(parse_host_port("[::1]") == HostPort{"::1", std::nullopt});
    CHECK(parse_host_port("2620:fe::fe") == HostPort{"2620:fe::fe", std::nullopt});
    for (auto const* bad :
         {"", ":", "a:b", "[::1", "[::1]80", "[127.0.0.1]:80", "[example.com]:80", "a:1:2", "a:123456"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_host_port(bad));
    }
}

TEST_CASE("an endpoint is an address with a port") {
    CHECK(parse_endpoint("127.0.0.1:4040") == Endpoint{"127.0.0.1", 4040});
    CHECK(parse_endpoint("[::1]:4040") == Endpoint{"::1", 4040});
    CHECK(parse_endpoint("localhost:4040") == Endpoint{"127.0.0.1", 4040});
    CHECK(parse_endpoint("127.0.0.1:0") == Endpoint{"127.0.0.1", 0});
    for (auto const* bad : {"127.0.0.1", ":4040", "4040", "example.com:4040", "*:4040"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_endpoint(bad));
    }
}
