// The policies that a user can start from.
#include "policy/parse/parse.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"

#include <algorithm>
#include <filesystem>

using namespace alert40;
using namespace alert40::policy;

namespace {

std::filesystem::path const folder = ALERT40_TESTS_DIR "/../configs";
tests::FakeCapabilities const capabilities;

Policy read(std::string const& name) {
    auto const parsed = parse::parse_policy_file(folder / name, capabilities);
    if (!parsed) FAIL(parsed.error().front().text());
    return parsed->policy;
}

} // namespace

TEST_CASE("configs/default.toml is the built-in policy") {
    CHECK(read("default.toml") == built_in_policy());
}

TEST_CASE("every policy in configs/ parses") {
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        CAPTURE(entry.path().string());
        CHECK(parse::parse_policy_file(entry.path(), capabilities).has_value());
        ++count;
    }
    CHECK(count >= 4);
}

TEST_CASE("force-http1 uses one profile for one host") {
    auto const policy = read("force-http1.toml");
    REQUIRE(policy.rules.size() == 1);
    CHECK(policy.rules[0].match.host == std::vector{policy.maps.at(0).to.host});
    CHECK(policy.profile(std::get<ProfileName>(*policy.rules[0].ladder).name)->alpn ==
          std::vector<std::string>{"http/1.1"});
}

TEST_CASE("legacy-server is weak in its last step only, verifies, and ends") {
    auto const policy = read("legacy-server.toml");
    auto const& ladder = *policy.ladder("old-server");
    CHECK(ladder.weak_steps == std::vector{ladder.steps.size() - 1});
    CHECK(policy.profile("old-server")->verify == tls::Verify{});
    CHECK(policy.rules.at(0).until);
}

TEST_CASE("cursor intercepts its hosts with nothing weak") {
    auto const policy = read("cursor.toml");
    CHECK(policy.rules.at(0).mode == Mode::intercept);
    CHECK(policy.ladder("cursor")->weak_steps.empty());
}
