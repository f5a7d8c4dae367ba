#include "proxy/upstream/way.hpp"

#include "support/catch.hpp"

#include <functional>
#include <set>

using namespace alert40;
using proxy::Way;

namespace {

Way sample() {
    Way way;
    way.origin = {"https", "a.test", 443};
    way.decision.ladder.name = "standard";
    way.decision.rules = {"one"};
    return way;
}

} // namespace

TEST_CASE("what is learned is kept by origin, address policy, via and ladder") {
    std::function<void(Way&)> const changes[] = {
        [](Way&) {},
        [](Way& way) { way.origin.port = 8443; },
        [](Way& way) { way.origin.host = "b.test"; },
        [](Way& way) {
            way.decision.resolver = {policy::Resolver::Kind::udp, "9.9.9.9", 53};
        },
        [](Way& way) {
            way.decision.resolver = {policy::Resolver::Kind::tcp, "9.9.9.9", 53};
        },
        [](Way& way) {
            way.decision.resolver = {policy::Resolver::Kind::tcp, "9.9.9.9", 54};
        },
        [](Way& way) {
            way.decision.address = policy::Address{"10.0.0.1", 0};
        },
        [](Way& way) {
            way.decision.address = policy::Address{"10.0.0.1", 443};
        },
        [](Way& way) {
            way.decision.via = {policy::Via::Kind::http_proxy, "p", 1, "", ""};
        },
        [](Way& way) {
            way.decision.via = {policy::Via::Kind::http_proxy, "p", 1, "user", ""};
        },
        [](Way& way) { way.decision.ladder.name = "other"; },
        [](Way& way) { way.http1_only = true; },
    };
    std::set<std::string> memory_keys, connection_keys;
    for (auto const& change : changes) {
        auto way = sample();
        change(way);
        memory_keys.insert(way.memory_key());
        connection_keys.insert(way.connection_key());
    }
    CHECK(memory_keys.size() == std::size(changes));
    CHECK(connection_keys.size() == std::size(changes));
}

TEST_CASE("connections are shared only where the very same would be dialled, for the same rules") {
    auto const one = sample();
    auto other = sample();
    CHECK(one.connection_key() == other.connection_key());
    SECTION("another profile behind the same names") {
        other.steps.emplace_back();
    }
    SECTION("prior knowledge") {
        other.decision.h2c = true;
    }
    SECTION("another rule had a say") {
        other.decision.rules = {"two"};
    }
    CHECK(one.memory_key() == other.memory_key());
    CHECK(one.connection_key() != other.connection_key());
}

TEST_CASE("a way that fails on purpose shares no connections with one that does not") {
    auto const well = sample();
    auto broken = well;
    broken.decision.faults = {{.as = policy::FaultRole::client,
                               .when = {},
                               .action = policy::fault::Delay{std::chrono::seconds(1)}}};
    CHECK(broken.connection_key() != well.connection_key());
    auto for_an_app = broken;
    auto hello = std::make_shared<proxy::AppHello>();
    hello->offered.ja4 = "t13d1516h2_8daaf6152771_02713d6af862";
    for_an_app.hello = hello;
    CHECK(for_an_app.connection_key() != broken.connection_key());
    auto of_the_origin = well;
    of_the_origin.decision.faults = {
        {.as = policy::FaultRole::origin, .when = {}, .action = policy::fault::Reset{}}};
    CHECK(of_the_origin.connection_key() == well.connection_key());
}
