#include "diagnose/verdict/profile_text.hpp"

#include "diagnose/verdict/findings_sample.hpp"
#include "policy/parse/parse.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace alert40;
using namespace alert40::diagnose;

namespace {

/// A TLS library that can do anything.
class Anything final : public policy::Capabilities {
  public:
    std::vector<policy::Incapable> incapable(tls::Profile const&) const override { return {}; }

    std::vector<std::string> weaknesses(tls::Profile const&) const override { return {}; }

    std::optional<std::string> refusal(tls::ServerLimits const&) const override { return std::nullopt; }

    std::vector<std::string> known_names(std::string_view) const override { return {}; }
};

policy::Origin const target{.scheme = "https", .host = "a.test", .port = 443};

policy::Policy parsed(std::string const& text) {
    auto const result = policy::parse::parse_policy(text, "diagnosed.toml", Anything{});
    INFO(text);
    if (result.has_error()) FAIL(result.error().front().text());
    return result->policy;
}

} // namespace

TEST_CASE("the policy that is written dials as the trial did, whatever was changed") {
    auto base = base_trial();
    auto const changes =
        handshake_changes(base, failed_with(alert(tls::AlertDescription::handshake_failure)));
    for (auto const& change : changes) {
        auto const trial = with(base, {change});
        if (trial.profile.verify.mode == tls::Verify::Mode::none)
            continue; // proves something, and is no remedy
        auto const text = policy_text(target, base, trial);
        auto const policy = parsed(text);
        auto const* const profile = policy.profile("diagnosed");
        REQUIRE(profile);
        auto expected = trial.profile;
        expected.name = "diagnosed";
        INFO(text);
        CHECK(*profile == expected);
        REQUIRE(!policy.rules.empty());
        CHECK(policy.rules.front().mode == policy::Mode::intercept);
    }
}

TEST_CASE("another way there is a rule, and leaves the handshake to the app") {
    auto const policy = parsed(policy_text(
        target, base_trial(), with(base_trial(), {address_change("192.0.2.7"), direct_change()})));
    REQUIRE(policy.rules.size() == 1);
    auto const& rule = policy.rules.front();
    CHECK(rule.address == policy::Address{.host = "192.0.2.7"});
    CHECK(rule.via.value().kind == policy::Via::Kind::direct);
    CHECK(!rule.mode);
    CHECK(!rule.ladder);
}

TEST_CASE("nothing changed is no policy") {
    CHECK(policy_text(target, base_trial(), base_trial()).empty());
}
