#include "app/listen_address.hpp"

#include "app/exit.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::app;

TEST_CASE("addresses to listen on") {
    CHECK(parse_listen_address("4040") == policy::Endpoint{"127.0.0.1", 4040});
    CHECK(parse_listen_address("127.0.0.2:0") == policy::Endpoint{"127.0.0.2", 0});
    CHECK(parse_listen_address("[::1]:4040") == policy::Endpoint{"::1", 4040});
    CHECK(parse_listen_address("localhost:4040") == policy::Endpoint{"127.0.0.1", 4040});
    auto const wrong = GENERATE("", ":", "x", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "65536",
                                "example.com:4040", "-1", "127.0.0.1:40 40");
    CHECK_THROWS_AS(parse_listen_address(wrong), UsageError);
}

TEST_CASE("maps") {
    CHECK(parse_map("4050=https://a.example") ==
          policy::Map{{"127.0.0.1", 4050}, {"https", "a.example", 443}});
    CHECK(parse_map("[::1]:4050=http://a.example:8080/") ==
          policy::Map{{"::1", 4050}, {"http", "a.example", 8080}});
    auto const wrong =
        GENERATE("", "4050", "4050=", "=https://a.example", "4050=a.example", "4050=ftp://a.example",
                 "4050=https://a.example/path", "4050=https://user@a.example");
    CHECK_THROWS_AS(parse_map(wrong), UsageError);
}

TEST_CASE("a map may take the host from each hello: it speaks TLS") {
    policy::Map const any{{"127.0.0.1", 443}, {"https", "", 443}, true, true};
    CHECK(parse_map("443=https:sni") == any);
    CHECK(parse_map("443=sni") == any);
    CHECK(parse_tls_map("127.0.0.1:443=https:sni") == any);
    CHECK(parse_map("[::1]:8443=https:sni:8443") ==
          policy::Map{{"::1", 8443}, {"https", "", 8443}, true, true});
    CHECK_THROWS_AS(parse_map("443=http:sni"), UsageError);
}

TEST_CASE("a TLS map of one origin is the same map, for apps that speak TLS") {
    auto plain = parse_map("4443=https://a.example:8443");
    CHECK_FALSE(plain.tls);
    plain.tls = true;
    CHECK(parse_tls_map("4443=https://a.example:8443") == plain);
}

TEST_CASE("what others could reach has to ask for credentials, and a map cannot") {
    policy::Policy policy;
    policy.listen.proxy = {{"127.0.0.1", 1}, {"127.9.9.9", 2}, {"::1", 3}};
    CHECK_FALSE(why_exposed(policy));
    policy.listen.proxy.push_back({"::", 5});
    CHECK_THAT(why_exposed(policy).value(), Catch::Contains("[::]:5") && Catch::Contains("credentials"));
    policy.listen.credentials = {"me:secret"};
    CHECK_FALSE(why_exposed(policy));
    policy.maps = {{{"0.0.0.0", 4}, {}}};
    CHECK_THAT(why_exposed(policy).value(), Catch::Contains("0.0.0.0:4") && Catch::Contains("loopback"));
}
