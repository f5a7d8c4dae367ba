#include "policy/fault.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace alert40::policy;

TEST_CASE("an action strikes at its usual point, and says why not elsewhere") {
    FaultAction const alert = fault::Alert{};
    auto const usual = usual_point(alert, FaultRole::origin);
    REQUIRE(usual);
    CHECK(*usual == FaultPoint::client_hello);
    CHECK(why_not(alert, FaultRole::origin, *usual).empty());
    CHECK(why_not(alert, FaultRole::origin, FaultPoint::connect)
              .starts_with("\"alert\" cannot strike at \"connect\": no TLS was spoken yet"));
}

TEST_CASE("an action that is not played as somebody has no point there") {
    FaultAction const flawed = fault::Certificate{};
    CHECK_FALSE(usual_point(flawed, FaultRole::client));
    CHECK(why_not(flawed, FaultRole::client, FaultPoint::certificate) ==
          "\"certificate\" is not played as \"client\"");
}

TEST_CASE("a fatal alert ends a connection, a warning does not") {
    CHECK(ends_it(fault::Alert{}));
    CHECK_FALSE(ends_it(fault::Alert{.level = alert40::tls::AlertLevel::warning}));
    CHECK(ends_it(fault::Reset{}));
    CHECK_FALSE(ends_it(fault::Delay{}));
}

TEST_CASE("the points in use are those at which something strikes") {
    auto const points = points_in_use();
    CHECK(std::ranges::count(points, FaultPoint::connect) == 1);
    CHECK(std::ranges::is_sorted(points));
    auto const roles = roles_in_use();
    CHECK(std::ranges::count(roles, FaultRole::origin) == 1);
}
