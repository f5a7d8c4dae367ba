#include "proxy/upstream/snapshot.hpp"

#include "proxy/upstream/scene.hpp"
#include "support/catch.hpp"
#include "support/tls_identity.hpp"

using namespace alert40;

TEST_CASE("a profile that did not change keeps its context over a reload") {
    auto policy = test::policy_for(1);
    auto const before = test::snapshot_of(policy);
    auto const kept = before->profile("both")->context;
    auto const built_in = before->profile("modern")->context;
    policy.profiles.back().alpn = {}; // only-http1
    auto const after = test::snapshot_of(policy, before.get());
    CHECK(after->profile("both")->context == kept);
    CHECK(after->profile("modern")->context == built_in);
    CHECK(after->profile("only-http1")->context != before->profile("only-http1")->context);
    CHECK(after->profile("only-http1")->context->profile().alpn.empty());
}

TEST_CASE("a profile that cannot be made ready is named") {
    auto policy = test::policy_for(1);
    policy.profiles.back().groups = {"no-such-group"};
    auto rulebook = std::make_shared<policy::Rulebook const>(policy, policy::Clock::now());
    auto const made = proxy::Snapshot::make(rulebook, {}, nullptr);
    REQUIRE_FALSE(made);
    CHECK_THAT(made.error(), Catch::Matchers::StartsWith("profile only-http1: "));
    CHECK(made.error().find('\n') == std::string::npos);
}

TEST_CASE("what makes a profile weak is known with it") {
    auto const snapshot = test::snapshot_of(test::policy_for(1));
    CHECK_FALSE(snapshot->profile("both")->weaknesses.empty()); // verification is off
    CHECK(snapshot->profile("modern")->weaknesses.empty());
}

TEST_CASE("a profile that reads files reads them again, whatever their names") {
    auto policy = test::policy_for(1);
    test::TemporaryFile const authority(test::make_authority().certificate_pem());
    policy.profiles.back().verify = {
        .mode = tls::Verify::Mode::full, .ca_file = authority.path(), .names = {}, .time = std::nullopt};
    auto const before = test::snapshot_of(policy);
    auto const after = test::snapshot_of(policy, before.get());
    CHECK(after->profile("only-http1")->context != before->profile("only-http1")->context);
    CHECK(after->profile("both")->context == before->profile("both")->context);
}

TEST_CASE("another offer makes another context, once") {
    auto const snapshot = test::snapshot_of(test::policy_for(1));
    auto const base = *snapshot->profile("modern");
    tls::Offer const groups{.groups = {{"secp521r1"}}},
        old{.versions = {{tls::ProtocolVersion::tls1_0, tls::ProtocolVersion::tls1_1}}};
    auto const one = snapshot->offering(base, {groups});
    REQUIRE(one.has_value());
    CHECK(one->context->profile().groups == std::vector<std::string>{"secp521r1"});
    CHECK(one->context->profile().name == "modern");
    CHECK(snapshot->offering(base, {groups})->context == one->context);
    auto const both = snapshot->offering(base, {groups, old});
    REQUIRE(both.has_value());
    CHECK(both->context != one->context);
    CHECK_FALSE(both->weaknesses.empty());
    CHECK(snapshot->offering(base, {tls::Offer{.groups = {{"no-such-group"}}}}).has_error());
}
