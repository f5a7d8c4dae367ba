#include "app/policy_source.hpp"

#include "app/exit.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"
#include "support/scratch_folder.hpp"

using namespace alert40;
using namespace alert40::app;
using alert40::tests::ScratchFolder;

namespace {

policy::parse::Parsed parsed(PolicySource::Loaded loaded) {
    REQUIRE(loaded.has_value());
    return std::move(*loaded);
}

/// A policy file with this text, and these flags over it.
struct Situation {
    explicit Situation(std::string const& text) { flags.config = folder.write("policy.toml", text); }

    PolicySource::Loaded load() const { return PolicySource(flags, capabilities).load(); }

    policy::Policy policy() const { return parsed(load()).policy; }

    std::string problem() const { return load().error().front().text(); }

    ScratchFolder folder;
    tests::FakeCapabilities capabilities;
    RunFlags flags;
};

constexpr auto small_file = "[[map]]\nlisten = \"127.0.0.1:4050\"\nto = \"https://a.example\"\n"
                            "[[rule]]\nname = \"from the file\"\nhost = \"a.example\"\nprofile = \"http1\"\n";

std::string ladder_of(policy::Rule const& rule) {
    return std::get<policy::LadderName>(rule.ladder.value()).name;
}

std::string profile_of(policy::Rule const& rule) {
    return std::get<policy::ProfileName>(rule.ladder.value()).name;
}

} // namespace

TEST_CASE("without flags the policy is what the file says") {
    Situation const it(small_file);
    CHECK(it.policy() == parsed(policy::parse::parse_policy_file(it.flags.config, it.capabilities)).policy);
}

TEST_CASE("without a file it is the built-in policy") {
    ScratchFolder const folder;
    ::setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
    tests::FakeCapabilities const capabilities;
    PolicySource const source({}, capabilities);
    CHECK(parsed(source.load()).policy == policy::built_in_policy());
    CHECK(source.name() == "the built-in policy");
    CHECK(source.file() == folder.path() / "alert40/policy.toml");
    ::unsetenv("XDG_CONFIG_HOME");
}

TEST_CASE("a named file that is missing is an error, never the built-in policy") {
    Situation it("");
    it.flags.config += ".missing";
    CHECK_THAT(it.problem(), Catch::Contains("policy.toml.missing"));
}

TEST_CASE("an error of the file comes with its place") {
    Situation const it("[[rule]]\nhots = \"a.example\"\n");
    CHECK_THAT(it.problem(), Catch::Contains("policy.toml:2:1: "));
}

TEST_CASE("--listen replaces the listeners, --map adds to the maps or takes the place of one") {
    Situation it(small_file);
    it.flags.listen = {"4141", "[::1]:4142"};
    it.flags.map = {"4050=http://b.example:8080", "127.0.0.2:4051=https://c.example"};
    auto const policy = it.policy();
    CHECK(policy.listen.proxy == std::vector<policy::Endpoint>{{"127.0.0.1", 4141}, {"::1", 4142}});
    CHECK(policy.maps == std::vector<policy::Map>{{{"127.0.0.1", 4050}, {"http", "b.example", 8080}},
                                                  {{"127.0.0.2", 4051}, {"https", "c.example", 443}}});
}

TEST_CASE("--listen none leaves the mapped listeners") {
    Situation it(small_file);
    it.flags.listen = {"none"};
    CHECK(it.policy().listen.proxy.empty());
}

TEST_CASE("a policy that listens nowhere is refused") {
    Situation it("");
    it.flags.listen = {"none"};
    CHECK_THAT(it.problem(), Catch::Contains("nothing to listen on"));
}

TEST_CASE("--tls-map and https:sni are maps like those of the file") {
    Situation it("");
    it.flags.map = {"4043=https:sni"};
    it.flags.tls_map = {"4044=https://a.example"};
    CHECK(it.policy().maps ==
          std::vector<policy::Map>{{{"127.0.0.1", 4043}, {"https", "", 443}, true, true},
                                   {{"127.0.0.1", 4044}, {"https", "a.example", 443}, true, false}});
}

TEST_CASE("listening where others can reach it is refused without credentials, whoever asked for it") {
    Situation file("");
    file.flags.listen = {"0.0.0.0:4040"};
    CHECK_THAT(file.problem(), Catch::Contains("0.0.0.0:4040") && Catch::Contains("credentials"));
    file.flags.credentials = {"me:secret"};
    CHECK(file.policy().listen.credentials == std::vector<std::string>{"me:secret"});
    Situation map("");
    map.flags.map = {"192.0.2.1:4050=https://a.example"};
    CHECK_THAT(map.problem(), Catch::Contains("192.0.2.1:4050"));
}

TEST_CASE("--credentials takes the place of those of the file, and wrong ones are not shown") {
    Situation it("[listen]\ncredentials = [\"me:of the file\", \"you:too\"]\n");
    CHECK(it.policy().listen.credentials.size() == 2);
    it.flags.credentials = {"me:secret"};
    CHECK(it.policy().listen.credentials == std::vector<std::string>{"me:secret"});
    it.flags.credentials = {"me-and-a-secret"};
    CHECK_THROWS_WITH(it.load(), Catch::Contains("user:password") && !Catch::Contains("me-and-a-secret"));
}

TEST_CASE("the rules of flags stand in front of those of the file") {
    Situation it(small_file);
    it.flags.connect_to = {"a.example:443:127.0.0.1:9443"};
    it.flags.profile = "tls12";
    auto const rules = it.policy().rules;
    REQUIRE(rules.size() == 3);
    CHECK(rules[0].address == policy::Address{"127.0.0.1", 9443});
    CHECK(profile_of(rules[1]) == "tls12");
    CHECK(rules[2].name == "from the file");
}

TEST_CASE("a profile or ladder of the file can be named by a flag") {
    Situation it("[profile.mine]\nextends = \"http1\"\n[ladder.patient]\nsteps = [\"modern\", \"mine\"]\n");
    it.flags.profile = "mine";
    CHECK(profile_of(it.policy().rules.front()) == "mine");
    it.flags.profile.clear();
    it.flags.ladder = "patient";
    CHECK(ladder_of(it.policy().rules.front()) == "patient");
}

TEST_CASE("an unknown profile, ladder or path is a usage error") {
    Situation it("");
    it.flags.profile = "htttp1";
    CHECK_THROWS_WITH(it.load(), Catch::Contains("htttp1") && Catch::Contains("http1"));
    it.flags.profile.clear();
    it.flags.ladder = "standart";
    CHECK_THROWS_WITH(it.load(), Catch::Contains("standart") && Catch::Contains("standard"));
    it.flags.ladder.clear();
    it.flags.via = "gopher://x";
    CHECK_THROWS_AS(it.load(), UsageError);
}

TEST_CASE("--tls-max caps every step of the ladder, in copies that no other rule sees") {
    Situation it("");
    it.flags.tls_max = "1.2";
    auto const policy = it.policy();
    auto const* const ladder = policy.ladder(ladder_of(policy.rules.front()));
    REQUIRE(ladder);
    CHECK(ladder->steps.size() == policy::standard_ladder().steps.size());
    for (auto const& step : ladder->steps) {
        REQUIRE(policy.profile(step));
        CHECK(policy.profile(step)->max_version == tls::ProtocolVersion::tls1_2);
    }
    CHECK(policy.profile("modern")->max_version == tls::ProtocolVersion::tls1_3);
    CHECK(*policy.ladder("standard") == policy::standard_ladder());
}

TEST_CASE("--tlsv1.3 leaves nothing older, and with --tls-max 1.2 nothing at all") {
    Situation it("");
    it.flags.profile = "modern";
    it.flags.tls_min = "1.3";
    auto const policy = it.policy();
    CHECK(policy.profile(profile_of(policy.rules.front()))->min_version == tls::ProtocolVersion::tls1_3);
    it.flags.tls_max = "1.2";
    CHECK_THROWS_WITH(it.load(), Catch::Contains("leave no version"));
}

TEST_CASE("--cacert replaces the store of the profile, as an absolute path") {
    Situation it("");
    it.flags.profile = "http1";
    it.flags.cacert = it.folder.write("ca.pem", "");
    auto const policy = it.policy();
    auto const& verify = policy.profile(profile_of(policy.rules.front()))->verify;
    CHECK(verify.ca_file == it.flags.cacert);
    CHECK(verify.mode == tls::Verify::Mode::full);
    it.flags.cacert += ".missing";
    CHECK_THROWS_WITH(it.load(), Catch::Contains("--cacert"));
}

TEST_CASE("what flags make weak is refused, unless --host says for whom; then it is warned about") {
    Situation it("");
    it.flags.profile = "legacy";
    CHECK_THROWS_WITH(it.load(), Catch::Contains("weak") && Catch::Contains("--host"));
    it.flags.host = {"old.example"};
    auto const loaded = parsed(it.load());
    REQUIRE(loaded.warnings.size() == 1);
    CHECK_THAT(loaded.warnings.front().message, Catch::Contains("legacy") && Catch::Contains("old.example"));
    CHECK(loaded.policy.rules.front().match.host == std::vector<std::string>{"old.example"});
}

TEST_CASE("--tls-max 1.1 takes the security level that it needs") {
    Situation it("");
    it.flags.profile = "modern";
    it.flags.tls_max = "1.1";
    it.flags.host = {"old.example"};
    auto const policy = it.policy();
    auto const* const profile = policy.profile(profile_of(policy.rules.front()));
    CHECK(profile->min_version == tls::ProtocolVersion::tls1_1);
    CHECK(profile->max_version == tls::ProtocolVersion::tls1_1);
    CHECK(profile->security_level == 0);
}
