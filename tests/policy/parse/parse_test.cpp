#include "policy/limits.hpp"
#include "policy/parse/parse.hpp"
#include "policy/time_text.hpp"
#include "support/catch.hpp"
#include "support/fake_capabilities.hpp"

#include <filesystem>
#include <fstream>

using namespace alert40;
using namespace alert40::policy;
using namespace std::chrono_literals;

namespace {

tests::FakeCapabilities const capabilities;
auto const now = *parse_time("2026-11-23T00:00:00Z");

parse::Parsed parsed(std::string const& text) {
    auto result = parse::parse_policy(text, "policy.toml", capabilities, now);
    if (!result) FAIL(result.error().front().text());
    return *result;
}

std::vector<std::string> errors(std::string const& text) {
    auto const result = parse::parse_policy(text, "policy.toml", capabilities, now);
    std::vector<std::string> out;
    if (result) return out;
    for (auto const& problem : result.error())
        out.push_back(problem.text());
    return out;
}

} // namespace

TEST_CASE("an empty file is the built-in policy") {
    CHECK(parsed("").policy == built_in_policy());
    CHECK(parsed("").warnings.empty());
}

TEST_CASE("a profile lays its keys over what it extends, in any order of the file") {
    auto const policy = parsed(R"(
[profile.b]
extends = "a"
groups = ["P-256", "X25519"]
[profile.a]
extends = "tls12"
alpn = []
server_name = "Front.Example"
split_hello = "record:7"
tickets = false
verify = { names = "Bank.Example", time = 2026-01-01T00:00:00Z }
[profile.c]
)")
                            .policy;
    auto expected = *tls::built_in_profile("tls12");
    expected.name = "a";
    expected.alpn = {};
    expected.server_name = {tls::ServerName::Mode::fixed, "front.example"};
    expected.split_hello = {tls::SplitHello::Mode::record, 7};
    expected.tickets = false;
    expected.verify.names = {"bank.example"};
    expected.verify.time = parse_time("2026-01-01T00:00:00Z");
    CHECK(*policy.profile("a") == expected);
    expected.name = "b";
    expected.groups = {"secp256r1", "x25519"};
    CHECK(*policy.profile("b") == expected);
    auto modern = *tls::built_in_profile("modern");
    modern.name = "c";
    CHECK(*policy.profile("c") == modern);
    auto const own = std::vector(policy.profiles.end() - 3, policy.profiles.end());
    CHECK(own[0].name == "b");
    CHECK(own[1].name == "a");
}

TEST_CASE("a ladder starts from the values of standard, and knows which of its steps are weak") {
    auto const policy = parsed(R"(
[ladder.mine]
steps = ["modern", "legacy", "http1", "legacy"]
on = ["received:40", "h2-broken"]
retry = 0
remember = "0"
timeouts = { total = "1m" }
)")
                            .policy;
    auto expected = standard_ladder();
    expected.name = "mine";
    expected.steps = {"modern", "legacy", "http1", "legacy"};
    expected.on = {{Trigger::Kind::alert, tls::AlertDescription::handshake_failure, tls::Direction::received},
                   {Trigger::Kind::h2_broken, {}, {}}};
    expected.retry = 0;
    expected.remember = 0ms;
    expected.timeouts.total = 1min;
    expected.weak_steps = {1, 3};
    CHECK(*policy.ladder("mine") == expected);
}

TEST_CASE("a rule holds what was written, and a name where none was") {
    auto const policy = parsed(R"(
[[rule]]
[[rule]]
host = "*.B\u00dcCHER.example"
port = 443
mode = "block"
until = "30m"
[[rule]]
name = "last"
profile = "http1"
until = 2026-12-01T00:00:00Z
)")
                            .policy;
    REQUIRE(policy.rules.size() == 3);
    CHECK(policy.rules[0].name == "rule 1");
    auto const& second = policy.rules[1];
    CHECK(second.name == "rule 2");
    CHECK(second.match.host == std::vector<std::string>{"*.xn--bcher-kva.example"});
    CHECK(second.match.port == std::vector<std::uint16_t>{443});
    CHECK(second.mode == Mode::block);
    CHECK(std::get<std::chrono::milliseconds>(*second.until) == 30min);
    CHECK(std::get<ProfileName>(*policy.rules[2].ladder).name == "http1");
    CHECK(std::get<std::chrono::system_clock::time_point>(*policy.rules[2].until) ==
          *parse_time("2026-12-01T00:00:00Z"));
}

TEST_CASE("a rule may ask what the app's hello is like, one value or a list") {
    auto const policy = parsed(R"(
[[rule]]
mode = "intercept"
[rule.client_hello]
alpn = "h2"
ja3 = "0123456789ABCDEF0123456789abcdef"
ja4 = "t12i1516h2_*"
no_server_name = true
version_max = "1.2"
bytes_over = 1400
[[rule]]
client_hello.alpn = ["h2", "http/1.1"]
client_hello.ja4 = ["t13d1516h2_8daaf6152771_02713d6af862", "t12i*"]
mode = "watch"
)")
                            .policy;
    HelloMatch first;
    first.alpn = {"h2"};
    first.ja3 = {"0123456789abcdef0123456789abcdef"};
    first.ja4 = {"t12i1516h2_*"};
    first.no_server_name = true;
    first.version_max = tls::ProtocolVersion::tls1_2;
    first.bytes_over = 1400;
    CHECK(policy.rules.at(0).match.client_hello == first);
    HelloMatch second;
    second.alpn = {"h2", "http/1.1"};
    second.ja4 = {"t13d1516h2_8daaf6152771_02713d6af862", "t12i*"};
    CHECK(policy.rules.at(1).match.client_hello == second);
}

TEST_CASE("a rule may cut a watched hello, and give up interception where it is not trusted") {
    auto const policy = parsed("[[rule]]\nsplit_hello = \"segment:64\"\nwatch_if_untrusted = \"1h30m\"\n"
                               "[[rule]]\nsplit_hello = \"none\"\nwatch_if_untrusted = \"0\"\n")
                            .policy;
    CHECK(policy.rules.at(0).split_hello == tls::SplitHello{tls::SplitHello::Mode::segment, 64});
    CHECK(policy.rules.at(0).watch_if_untrusted == 90min);
    CHECK(policy.rules.at(1).split_hello == tls::SplitHello{});
    CHECK(policy.rules.at(1).watch_if_untrusted == 0ms);
}

TEST_CASE("listeners that speak TLS, and who is let in") {
    auto const both = parsed(R"(
[listen]
proxy = ["127.0.0.1:4040", "0.0.0.0:4041"]
credentials = ["me:pass:word", "you:x"]
[[map]]
listen = "127.0.0.1:4043"
to = "https:sni"
[[map]]
to = "https://a.test"
tls = true
listen = "127.0.0.1:4044"
[[map]]
tls = true
to = "sni:8443"
listen = "127.0.0.1:4045"
)");
    CHECK(both.warnings.empty());
    CHECK(both.policy.listen.credentials == std::vector<std::string>{"me:pass:word", "you:x"});
    CHECK(both.policy.maps == std::vector<Map>{{{"127.0.0.1", 4043}, {"https", "", 443}, true, true},
                                               {{"127.0.0.1", 4044}, {"https", "a.test", 443}, true, false},
                                               {{"127.0.0.1", 4045}, {"https", "", 8443}, true, true}});
    CHECK(parsed("[listen]\ncredentials = \"me:secret\"\n").policy.listen.credentials ==
          std::vector<std::string>{"me:secret"});
}

TEST_CASE("credentials that are wrong are not shown") {
    std::string const longest(limits::credential, 'x');
    CHECK(errors("[listen]\ncredentials = [\"" + longest + ":" + longest + "\"]\n").empty());
    for (auto const& bad :
         {std::string("secret"), std::string(":secret"), std::string("secret:"), std::string(""),
          "secret" + longest + ":x", "x:secret" + longest, std::string("me:sec\\u0007ret")}) {
        auto const problems = errors("[listen]\ncredentials = [\"me:first\", \"" + bad + "\"]\n");
        CAPTURE(bad);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].find("secret") == std::string::npos);
        CHECK(problems[0].find("sec") == std::string::npos);
    }
    auto const twice = errors("[listen]\ncredentials = [\"me:secret\", \"me:secret too\"]\n");
    CHECK(twice == std::vector<std::string>{"policy.toml:2:29: \"credentials\" has the user \"me\" twice"});
}

TEST_CASE("paths are taken from the policy's folder") {
    auto const folder = std::filesystem::temp_directory_path() / "alert40-parse-test";
    std::filesystem::create_directories(folder / "keys");
    std::ofstream(folder / "keys" / "ca.pem") << "x";
    auto const text = "[authority]\ncert = \"keys/ca.pem\"\nkey = \"keys/../keys/ca.pem\"\n"
                      "[profile.x]\nclient_certificate = { cert = \"" +
                      (folder / "keys/ca.pem").string() + "\" }\n";
    auto const result = parse::parse_policy(text, folder / "policy.toml", capabilities, now);
    REQUIRE(result.has_value());
    auto const path = (folder / "keys" / "ca.pem").string();
    CHECK(result->policy.authority == Authority{path, path});
    CHECK(result->policy.profile("x")->client_certificate == tls::ClientCertificate{path, path});

    std::ofstream(folder / "policy.toml") << text;
    auto const from_file = parse::parse_policy_file(folder / "policy.toml", capabilities, now);
    REQUIRE(from_file.has_value());
    CHECK(from_file->policy == result->policy);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a file that is not there, or is a folder, is a problem without a place") {
    auto const missing = parse::parse_policy_file("/nonexistent/policy.toml", capabilities);
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().front().text() == "/nonexistent/policy.toml: there is no such file");
    CHECK_FALSE(parse::parse_policy_file(std::filesystem::temp_directory_path(), capabilities).has_value());
}

TEST_CASE("a policy is bounded in size and in the number of everything") {
    CHECK(errors(std::string(limits::policy_bytes + 1, '\n')) ==
          std::vector<std::string>{"policy.toml: a policy has at most 1 MiB"});

    std::string rules;
    for (std::size_t i = 0; i <= limits::rules; ++i)
        rules += "[[rule]]\nmode=\"watch\"\n";
    REQUIRE(errors(rules).size() == 1);
    CHECK(errors(rules)[0] == "policy.toml:8193:1: more than 4096 [[rule]]");

    std::string profiles;
    for (std::size_t i = 0; i <= limits::profiles; ++i)
        profiles += "[profile.p" + std::to_string(i) + "]\n";
    CHECK(errors(profiles).size() == 1);

    std::string list = "[[rule]]\nhost = [";
    for (std::size_t i = 0; i <= limits::list; ++i)
        list += "\"a.test\",\n";
    CHECK(errors(list + "]\n").size() == 1);

    std::string users = "[listen]\ncredentials = [";
    for (std::size_t i = 0; i <= limits::credentials; ++i)
        users += "\"user" + std::to_string(i) + ":x\",\n";
    CHECK(errors(users + "]\n").size() == 1);

    for (std::string const key : {"alpn = [", "ja3 = [", "ja4 = ["}) {
        std::string hellos = "[[rule]]\nmode = \"watch\"\nclient_hello." + key;
        for (std::size_t i = 0; i <= limits::list; ++i)
            hellos += "\"t13d*\",\n";
        CHECK(errors(hellos + "]\n").size() == 1);
    }

    std::string const long_name(limits::name + 1, 'a');
    CHECK(errors("[profile." + long_name + "]\n").size() == 1);
    CHECK(errors("[[rule]]\nname = \"" + long_name + "\"\nmode = \"watch\"\n").size() == 1);

    std::string wrong;
    for (std::size_t i = 0; i < 2 * limits::problems; ++i)
        wrong += "key" + std::to_string(i) + " = 1\n";
    CHECK(errors(wrong).size() == limits::problems);
}

TEST_CASE("a chain of profiles as long as it may be resolves, last first") {
    std::string chain;
    for (std::size_t i = 0; i + 1 < limits::profiles; ++i)
        chain += "[profile.p" + std::to_string(i) + "]\nextends = \"p" + std::to_string(i + 1) + "\"\n";
    chain += "[profile.p" + std::to_string(limits::profiles - 1) + "]\nalpn = []\n";
    CHECK(parsed(chain).policy.profile("p0")->alpn.empty());
}

TEST_CASE("a problem is one line, whatever bytes the file has") {
    for (std::string const text :
         {"a[\nb = 1\n", "a = {\xFF\xFF\n b = 1}\n", "[[rule]]\nhost = \"\\u001b[31m\"\n",
          "\"k\\u000a\" = 1\n", "[[map]]\ntls = t\ne[r\nu\x01]]\n"}) {
        CAPTURE(text);
        auto const problems = errors(text);
        CHECK_FALSE(problems.empty());
        for (auto const& problem : problems) {
            CHECK(problem.find('\n') == std::string::npos);
            CHECK(problem.find('\x1b') == std::string::npos);
        }
    }
}
