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

TEST_CASE("which listeners others could reach") {
    policy::Policy policy;
    policy.listen.proxy = {{"127.0.0.1", 1}, {"127.9.9.9", 2}, {"::1", 3}};
    CHECK_FALSE(exposed_listener(policy));
    policy.maps = {{{"0.0.0.0", 4}, {}}};
    CHECK(exposed_listener(policy) == policy::Endpoint{"0.0.0.0", 4});
    policy.listen.proxy.push_back({"::", 5});
    CHECK(exposed_listener(policy) == policy::Endpoint{"::", 5});
}
