// The policies that a user can start from.
#include "policy/decision.hpp"
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

TEST_CASE("every policy in configs/ parses, and only what is weak is warned about") {
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        CAPTURE(entry.path().string());
        auto const parsed = parse::parse_policy_file(entry.path(), capabilities);
        REQUIRE(parsed.has_value());
        for (auto const& warning : parsed->warnings)
            CHECK(warning.message.find("is weak") != std::string::npos);
        ++count;
    }
    CHECK(count >= 6);
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

TEST_CASE("cursor watches, but for the hosts that are chosen, and those give up where they are not trusted") {
    Rulebook const book(read("cursor.toml"), {});
    auto const decide = [&](std::string const& host) {
        return book.decide({"https", host, 443}, "127.0.0.1:4040", {});
    };
    for (auto const* host :
         {"api3.cursor.sh", "authenticate.cursor.sh", "us-only.gcpp.cursor.sh", "x.api5.cursor.sh",
          "marketplace.cursorapi.com", "a.cursor-cdn.com", "cursor.com", "elsewhere.test"}) {
        CAPTURE(host);
        CHECK(decide(host).mode == Mode::watch);
        CHECK_FALSE(decide(host).waits_for_hello);
    }
    auto const mended = decide("api2.cursor.sh");
    CHECK(mended.mode == Mode::intercept);
    CHECK(mended.watch_if_untrusted);
    CHECK(mended.ladder.name == "cursor");
    CHECK(mended.ladder.weak_steps.empty());
    CHECK(mended.rules == std::vector<std::string>{"cursor: mended", "cursor: the way there"});
}

TEST_CASE("intercept looks into the tunnels of named hosts only") {
    Rulebook const book(read("intercept.toml"), {});
    auto const decide = [&](std::string const& host, tls::Offered const* hello = nullptr) {
        return book.decide({"https", host, 443}, "127.0.0.1:4040", {}, hello);
    };
    CHECK(decide("api.example.com").mode == Mode::intercept);
    CHECK(decide("api.example.com").watch_if_untrusted);
    CHECK(decide("a.dev.example.com").mode == Mode::intercept);
    CHECK(decide("pinned.example.com").mode == Mode::watch);
    CHECK(decide("example.com").mode == Mode::watch);

    tls::Offered hello;
    hello.versions = {"1.2"};
    CHECK(decide("old-and-new.example.com").waits_for_hello);
    CHECK(decide("old-and-new.example.com", &hello).mode == Mode::intercept);
    hello.versions = {"1.3", "1.2"};
    CHECK(decide("old-and-new.example.com", &hello).mode == Mode::watch);
}

TEST_CASE("hosts-entry listens for TLS only, for whatever host a hello names") {
    auto const policy = read("hosts-entry.toml");
    CHECK(policy.listen.proxy.empty());
    CHECK(policy.maps == std::vector<Map>{{{"127.0.0.1", 443}, {"https", "", 443}, true, true}});
    CHECK(policy.rules.at(0).mode == Mode::watch);
}
