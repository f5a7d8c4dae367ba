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

void check(Policy const& policy) {
    for (auto const& ladder : policy.ladders) {
        demand(!ladder.steps.empty());
        for (auto const& step : ladder.steps)
            demand(policy.profile(step) != nullptr);
    }
    for (auto const& rule : policy.rules) {
        demand(!rule.name.empty());
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
    return 0;
}
