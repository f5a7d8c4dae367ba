// A policy file is written by somebody else, perhaps: any bytes must give a policy or a list of problems, and
// a policy that comes out must be complete.
#include "fuzz/demand.hpp"
#include "policy/decision.hpp"
#include "policy/describe.hpp"
#include "policy/parse/parse.hpp"
#include "support/fake_capabilities.hpp"

#include <cstdint>
#include <string_view>

using namespace alert40;
using namespace alert40::policy;
using alert40::fuzz::demand;

namespace {

void check(Map const& map) {
    demand(map.sni ? map.tls && map.to.host.empty() : !map.to.host.empty());
    demand(map.to.port != 0);
    auto again = parse_map_target(map.target());
    demand(again.has_value());
    again->listen = map.listen;
    again->tls = map.tls;
    demand(*again == map);
}

/// Every condition of a hello is one that a hello can meet.
void check(HelloMatch const& match) {
    demand(match != HelloMatch{});
    for (auto const& pattern : match.ja4)
        demand(pattern.size() == 36 || pattern.ends_with('*'));
    for (auto const& digest : match.ja3)
        demand(digest.size() == 32);
}

void check(Policy const& policy) {
    for (auto const& map : policy.maps)
        check(map);
    for (auto const& one : policy.listen.credentials)
        demand(one.find(':') > 0 && one.find(':') < one.size() - 1);
    for (auto const& ladder : policy.ladders) {
        demand(!ladder.steps.empty());
        for (auto const& step : ladder.steps)
            demand(policy.profile(step) != nullptr);
    }
    for (auto const& rule : policy.rules) {
        demand(!rule.name.empty());
        if (rule.match.client_hello) check(*rule.match.client_hello);
        if (!rule.ladder) continue;
        if (auto const* name = std::get_if<LadderName>(&*rule.ladder))
            demand(policy.ladder(name->name) != nullptr);
        if (auto const* name = std::get_if<ProfileName>(&*rule.ladder))
            demand(policy.profile(name->name) != nullptr);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    tests::FakeCapabilities const capabilities;
    Clock::time_point const now{std::chrono::seconds(1'800'000'000)};
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const parsed = parse::parse_policy(text, "policy.toml", capabilities, now);
    if (!parsed) {
        demand(!parsed.error().empty());
        for (auto const& problem : parsed.error())
            demand(problem.text().find('\n') == std::string::npos);
        return 0;
    }
    check(parsed->policy);
    demand(describe(parsed->policy, capabilities).ends_with('\n'));
    Rulebook const book(parsed->policy, now);
    auto const decision = book.decide({"https", "api.example.com", 443}, "127.0.0.1:4040", now);
    demand(!decision.ladder.steps.empty());
    tls::Offered hello;
    hello.versions = {"1.3", "1.2"};
    hello.alpn = {"h2", "http/1.1"};
    hello.bytes = 1500;
    hello.ja4 = "t13i1516h2_8daaf6152771_02713d6af862";
    auto informed = book.decide({"https", "api.example.com", 443}, "127.0.0.1:4040", now, &hello);
    demand(!informed.ladder.steps.empty() && !informed.waits_for_hello);
    if (decision.waits_for_hello) return 0;
    informed.valid_until = decision.valid_until; // of rules that might have had a say
    demand(informed == decision);
    return 0;
}
