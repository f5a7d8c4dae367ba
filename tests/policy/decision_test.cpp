#include "policy/decision.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;
using namespace std::chrono_literals;

namespace {

Clock::time_point const start{1'000'000s};
Origin const origin{"https", "api.example.com", 443};
std::string const listener = "127.0.0.1:4040";

Rule rule(std::string name, std::vector<std::string> host = {}) {
    Rule one;
    one.name = std::move(name);
    one.match.host = std::move(host);
    return one;
}

Policy policy_of(std::vector<Rule> rules) {
    auto policy = built_in_policy();
    policy.rules = std::move(rules);
    return policy;
}

} // namespace

TEST_CASE("without rules: watch, the standard ladder, the system's resolver") {
    Rulebook const book(built_in_policy(), start);
    auto const decision = book.decide(origin, listener, start);
    CHECK(decision.mode == Mode::watch);
    CHECK(decision.ladder == standard_ladder());
    CHECK(decision.resolver == Resolver{});
    CHECK(decision.rules.empty());
    CHECK_FALSE(decision.weak_allowed);
    CHECK_FALSE(decision.valid_until);
}

TEST_CASE("for each key, the first matching rule that sets it decides") {
    auto first = rule("first", {"*.example.com"});
    first.mode = Mode::intercept;
    auto second = rule("second");
    second.mode = Mode::block;
    second.address = Address{"127.0.0.1", 9443};
    auto third = rule("third");
    third.mode = Mode::watch;
    third.address = Address{"192.0.2.1", 1};
    Rulebook const book(policy_of({first, second, third}), start);

    auto const decision = book.decide(origin, listener, start);
    CHECK(decision.mode == Mode::intercept);
    CHECK(decision.address == Address{"127.0.0.1", 9443});
    CHECK(decision.rules == std::vector<std::string>{"first", "second"});

    auto const other = book.decide({"https", "other.test", 443}, listener, start);
    CHECK(other.mode == Mode::block);
    CHECK(other.rules == std::vector<std::string>{"second"});
}

TEST_CASE("profile and ladder are one slot") {
    auto first = rule("first", {"api.example.com"});
    first.ladder = ProfileName{"http1"};
    auto second = rule("second");
    second.ladder = LadderName{"standard"};
    Rulebook const book(policy_of({first, second}), start);

    auto const decision = book.decide(origin, listener, start);
    CHECK(decision.ladder.steps == std::vector<std::string>{"http1"});
    CHECK(decision.ladder.retry == 0);
    CHECK(decision.ladder.on.empty());
    CHECK(decision.weak_allowed);
    CHECK(decision.rules == std::vector<std::string>{"first"});

    auto const other = book.decide({"https", "other.test", 443}, listener, start);
    CHECK(other.ladder == standard_ladder());
    CHECK_FALSE(other.weak_allowed);
}

TEST_CASE("a rule for every host allows nothing weak") {
    auto all = rule("all", {"a.test", "*"});
    all.ladder = ProfileName{"legacy"};
    CHECK_FALSE(Rulebook(policy_of({all}), start).decide(origin, listener, start).weak_allowed);
}

TEST_CASE("host, port and listener must all match") {
    auto one = rule("one", {"api.example.com"});
    one.match.port = {443, 8443};
    one.match.listener = {listener};
    one.h2c = true;
    one.diagnose = true;
    Rulebook const book(policy_of({one}), start);
    CHECK(book.decide(origin, listener, start).h2c);
    CHECK(book.decide(origin, listener, start).diagnose);
    CHECK_FALSE(book.decide({"https", "api.example.com", 80}, listener, start).h2c);
    CHECK_FALSE(book.decide(origin, "127.0.0.1:4050", start).h2c);
    CHECK_FALSE(book.decide({"https", "example.com", 443}, listener, start).h2c);
    CHECK_FALSE(book.decide({"https", "example.com", 443}, listener, start).diagnose);
}

TEST_CASE("an expired rule is as if it were not there") {
    auto brief = rule("brief");
    brief.mode = Mode::intercept;
    brief.until = std::chrono::milliseconds(10s);
    auto longer = rule("longer");
    longer.mode = Mode::block;
    longer.until = start + 20s;
    Rulebook const book(policy_of({brief, longer}), start);

    CHECK(book.decide(origin, listener, start + 9s).mode == Mode::intercept);
    CHECK(book.decide(origin, listener, start + 9s).valid_until == start + 10s);
    CHECK(book.decide(origin, listener, start + 10s).mode == Mode::block);
    CHECK(book.decide(origin, listener, start + 10s).valid_until == start + 20s);
    auto const after = book.decide(origin, listener, start + 20s);
    CHECK(after.mode == Mode::watch);
    CHECK(after.rules.empty());
    CHECK_FALSE(after.valid_until);
}

TEST_CASE("a rule that does not match says nothing about how long a decision holds") {
    auto other = rule("other", {"other.test"});
    other.mode = Mode::block;
    other.until = std::chrono::milliseconds(10s);
    CHECK_FALSE(Rulebook(policy_of({other}), start).decide(origin, listener, start).valid_until);
}

TEST_CASE("a reload that leaves a rule as it was keeps its deadline") {
    auto kept = rule("kept");
    kept.mode = Mode::intercept;
    kept.until = std::chrono::milliseconds(30min);
    Rulebook const before(policy_of({kept}), start);

    SECTION("unchanged, at another place") {
        Rulebook const after(policy_of({rule("new"), kept}), start + 10min, &before);
        CHECK(after.deadline(1) == start + 30min);
        SECTION("and again") {
            Rulebook const third(policy_of({kept}), start + 20min, &after);
            CHECK(third.deadline(0) == start + 30min);
        }
    }
    SECTION("expired: it does not come back") {
        Rulebook const after(policy_of({kept}), start + 40min, &before);
        CHECK(after.decide(origin, listener, start + 40min).mode == Mode::watch);
    }
    SECTION("changed: it starts anew") {
        kept.mode = Mode::block;
        Rulebook const after(policy_of({kept}), start + 10min, &before);
        CHECK(after.deadline(0) == start + 40min);
    }
    SECTION("changed only in what its hello has to be like") {
        kept.match.client_hello.emplace().alpn = {"h2"};
        Rulebook const after(policy_of({kept}), start + 10min, &before);
        CHECK(after.deadline(0) == start + 40min);
    }
    SECTION("changed only in how a hello is cut") {
        kept.split_hello.emplace();
        Rulebook const after(policy_of({kept}), start + 10min, &before);
        CHECK(after.deadline(0) == start + 40min);
    }
    SECTION("changed only in what happens where the app does not trust") {
        kept.watch_if_untrusted = 1h;
        Rulebook const after(policy_of({kept}), start + 10min, &before);
        CHECK(after.deadline(0) == start + 40min);
    }
    SECTION("gone and back: it starts anew") {
        Rulebook const without(policy_of({}), start + 10min, &before);
        Rulebook const again(policy_of({kept}), start + 20min, &without);
        CHECK(again.deadline(0) == start + 50min);
    }
}

TEST_CASE("a rule without a name of its own may move and stays the same rule") {
    auto unnamed = rule(automatic_rule_name(0));
    unnamed.until = std::chrono::milliseconds(30min);
    Rulebook const before(policy_of({unnamed}), start);
    unnamed.name = automatic_rule_name(1);
    Rulebook const after(policy_of({rule("new"), unnamed}), start + 10min, &before);
    CHECK(after.deadline(1) == start + 30min);
}

TEST_CASE("of several equal rules each keeps its own deadline") {
    auto twin = rule(automatic_rule_name(0));
    twin.until = std::chrono::milliseconds(30min);
    Rulebook const before(policy_of({twin}), start);
    auto second = twin;
    second.name = automatic_rule_name(1);
    Rulebook const after(policy_of({twin, second}), start + 10min, &before);
    CHECK(after.deadline(0) == start + 30min);
    CHECK(after.deadline(1) == start + 40min);
}

TEST_CASE("a rule about the hello waits for it, and then says its part or not") {
    auto odd = rule("odd apps");
    odd.match.client_hello.emplace().alpn = {"h2"};
    odd.mode = Mode::intercept;
    odd.until = std::chrono::milliseconds(10s);
    auto rest = rule("rest");
    rest.via = Via{Via::Kind::direct, {}, 0, {}, {}};
    Rulebook const book(policy_of({odd, rest}), start);

    auto const before = book.decide(origin, listener, start);
    CHECK(before.waits_for_hello);
    CHECK(before.mode == Mode::watch);
    CHECK(before.rules == std::vector<std::string>{"rest"});
    CHECK(before.valid_until == start + 10s);

    alert40::tls::Offered hello;
    auto const without = book.decide(origin, listener, start, &hello);
    CHECK_FALSE(without.waits_for_hello);
    CHECK(without.mode == Mode::watch);
    CHECK_FALSE(without.valid_until);

    hello.alpn = {"h2"};
    auto const with = book.decide(origin, listener, start, &hello);
    CHECK_FALSE(with.waits_for_hello);
    CHECK(with.mode == Mode::intercept);
    CHECK(with.rules == std::vector<std::string>{"odd apps", "rest"});
    CHECK(with.valid_until == start + 10s);

    CHECK_FALSE(book.decide(origin, listener, start + 10s).waits_for_hello);
}

TEST_CASE("nobody waits for a hello that could change nothing") {
    auto watched = rule("watched", {"api.example.com"});
    watched.mode = Mode::watch;
    auto odd = rule("odd apps");
    odd.match.client_hello.emplace().alpn = {"h2"};
    odd.mode = Mode::intercept;
    Rulebook const book(policy_of({watched, odd}), start);
    CHECK_FALSE(book.decide(origin, listener, start).waits_for_hello);
    CHECK(book.decide({"https", "other.test", 443}, listener, start).waits_for_hello);

    odd.watch_if_untrusted = 1h;
    CHECK(Rulebook(policy_of({watched, odd}), start).decide(origin, listener, start).waits_for_hello);
}

TEST_CASE("how a hello is cut, and for how long an untrusting app is watched, are keys like the others") {
    auto never = rule("never", {"bank.test"});
    never.watch_if_untrusted = 0ms;
    never.split_hello.emplace();
    auto all = rule("all");
    all.watch_if_untrusted = 1h;
    all.split_hello = alert40::tls::SplitHello{alert40::tls::SplitHello::Mode::segment, 64};
    Rulebook const book(policy_of({never, all}), start);

    auto const usual = book.decide(origin, listener, start);
    CHECK(usual.watch_if_untrusted == 1h);
    CHECK(usual.split_hello == all.split_hello);
    auto const bank = book.decide({"https", "bank.test", 443}, listener, start);
    CHECK_FALSE(bank.watch_if_untrusted);
    CHECK(bank.split_hello == alert40::tls::SplitHello{});
    CHECK(bank.rules == std::vector<std::string>{"never"});
}
