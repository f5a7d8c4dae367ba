#include "app/lab/lab_policy.hpp"

#include "policy/parse/parse.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"

using namespace alert40::app::lab;

TEST_CASE("each entry has a TLS listener, its own rule, and the healthy origin behind it") {
    Entry const first{"first", "It fails.", "nothing",
                      "[[rule]]\nhost = \"first.lab\"\n[[rule.fault]]\ndo = { reset = true }\n"};
    Entry const second{"second", "So does it.", "nothing",
                       "[[rule]]\nhost = \"second.lab\"\n[[rule.fault]]\ndo = { close = true }\n"};
    alert40::tests::FakeCapabilities const capabilities;
    auto const parsed = alert40::policy::parse::parse_policy(lab_policy({{first, 4401}, {second, 0}}, 8080),
                                                             "lab", capabilities);
    REQUIRE(parsed.has_value());
    auto const& policy = parsed->policy;
    CHECK(policy.listen.proxy.empty());
    REQUIRE(policy.maps.size() == 2);
    CHECK(policy.maps[0].listen.port == 4401);
    CHECK(policy.maps[0].tls);
    CHECK(policy.maps[1].listen.port == 0);
    REQUIRE(policy.rules.size() == 3);
    CHECK_FALSE(policy.rules[0].faults.empty());
    CHECK_FALSE(policy.rules[1].faults.empty());
    CHECK(policy.rules[2].address->port == 8080);
}
