#include "proxy/fault/fault_book.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace alert40;
using policy::Fault;
using policy::FaultAction;
using policy::FaultPoint;
using Kind = FaultAction::Kind;

namespace {

Fault fault(Kind kind, policy::FaultCondition when = {}, FaultPoint at = FaultPoint::client_hello) {
    Fault made{at, std::move(when), {}};
    made.action.kind = kind;
    return made;
}

policy::Decision decision(std::vector<Fault> faults, std::string rule = "broken") {
    policy::Decision made;
    made.faults = std::move(faults);
    made.faulty_rule = std::move(rule);
    return made;
}

tls::Offered hello(std::vector<std::string> alpn = {"h2", "http/1.1"}) {
    tls::Offered offered;
    offered.alpn = std::move(alpn);
    return offered;
}

/// "x..x" where it strikes, time after time.
std::string strikes(proxy::FaultBook& book, policy::Decision const& asked, int times,
                    tls::Offered const& offered = hello()) {
    std::string out;
    for (int i = 0; i < times; ++i)
        out += book.strike(asked, FaultPoint::client_hello, &offered) ? 'x' : '.';
    return out;
}

} // namespace

TEST_CASE("a fault strikes at its own point only, and tells whose it is") {
    proxy::FaultBook book;
    auto const asked = decision({fault(Kind::reset, {}, FaultPoint::connect)});
    CHECK_FALSE(book.strike(asked, FaultPoint::client_hello, nullptr));
    auto const blow = book.strike(asked, FaultPoint::connect, nullptr);
    REQUIRE(blow);
    CHECK(blow->rule == "broken");
    CHECK(blow->at == FaultPoint::connect);
    REQUIRE(blow->actions.size() == 1);
    CHECK(blow->actions[0].kind == Kind::reset);
}

TEST_CASE("a condition on the hello wants one that matches") {
    proxy::FaultBook book;
    policy::FaultCondition when;
    when.hello = policy::HelloMatch{.alpn = {"h2"}};
    auto const asked = decision({fault(Kind::alert, when)});
    CHECK(strikes(book, asked, 1) == "x");
    CHECK(strikes(book, asked, 1, hello({"http/1.1"})) == ".");
    CHECK_FALSE(book.strike(asked, FaultPoint::client_hello, nullptr));
}

TEST_CASE("every and times count what the conditions before them hold for") {
    proxy::FaultBook book;
    policy::FaultCondition when;
    when.every = 3;
    CHECK(strikes(book, decision({fault(Kind::alert, when)}, "every"), 7) == "x..x..x");
    when.times = 2;
    CHECK(strikes(book, decision({fault(Kind::alert, when)}, "both"), 10) == "x..x......");
    when.every.reset();
    when.hello = policy::HelloMatch{.alpn = {"h2"}};
    auto const asked = decision({fault(Kind::alert, when)}, "times");
    CHECK(strikes(book, asked, 1, hello({})) == ".");
    CHECK(strikes(book, asked, 3) == "xx.");
}

TEST_CASE("chance draws the same lots from the same seed") {
    policy::FaultCondition when;
    when.chance = 0.25;
    when.seed = 7;
    auto const asked = decision({fault(Kind::alert, when)});
    proxy::FaultBook one, other;
    auto const first = strikes(one, asked, 400);
    CHECK(first == strikes(other, asked, 400));
    auto const struck = std::ranges::count(first, 'x');
    CHECK((struck > 60 && struck < 140));
    when.seed = 8;
    proxy::FaultBook third;
    CHECK(first != strikes(third, decision({fault(Kind::alert, when)}), 400));
}

TEST_CASE("delays and warnings come before what ends it, and nothing comes after") {
    proxy::FaultBook book;
    auto warning = fault(Kind::alert);
    warning.action.level = tls::AlertLevel::warning;
    auto const asked =
        decision({fault(Kind::delay), warning, fault(Kind::close), fault(Kind::garbage), fault(Kind::reset)});
    auto const blow = book.strike(asked, FaultPoint::client_hello, nullptr);
    REQUIRE(blow);
    CHECK(blow->actions.size() == 3);
    CHECK(blow->actions.back().kind == Kind::close);
}

TEST_CASE("counts are a rule's own, and begin anew with another fault in its place") {
    proxy::FaultBook book;
    policy::FaultCondition once;
    once.times = 1;
    CHECK(strikes(book, decision({fault(Kind::alert, once)}, "a"), 2) == "x.");
    CHECK(strikes(book, decision({fault(Kind::alert, once)}, "b"), 2) == "x.");
    CHECK(strikes(book, decision({fault(Kind::alert, once)}, "a"), 1) == ".");
    CHECK(strikes(book, decision({fault(Kind::reset, once)}, "a"), 2) == "x.");
}
