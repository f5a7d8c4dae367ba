#include "proxy/fault/fault_book.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace alert40;
using policy::Fault;
using policy::FaultAction;
using policy::FaultPoint;
namespace fault = policy::fault;

namespace {

Fault a_fault(FaultAction action, policy::FaultCondition when = {},
              FaultPoint at = FaultPoint::client_hello) {
    return {.at = at, .when = std::move(when), .action = std::move(action)};
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
        out += book.strike(asked, {.at = FaultPoint::client_hello, .hello = &offered}) ? 'x' : '.';
    return out;
}

} // namespace

TEST_CASE("a fault strikes at its own point only, and tells whose it is") {
    proxy::FaultBook book;
    auto const asked = decision({a_fault(fault::Reset{}, {}, FaultPoint::connect)});
    CHECK_FALSE(book.strike(asked, {.at = FaultPoint::client_hello}));
    auto const blow = book.strike(asked, {.at = FaultPoint::connect});
    REQUIRE(blow);
    CHECK(blow->rule == "broken");
    CHECK(blow->at == FaultPoint::connect);
    REQUIRE(blow->actions.size() == 1);
    CHECK(blow->actions[0] == FaultAction(fault::Reset{}));
}

TEST_CASE("a fault strikes as the one that is played only") {
    proxy::FaultBook book;
    auto as_client = a_fault(fault::Reset{});
    as_client.as = policy::FaultRole::client;
    auto const asked = decision({as_client});
    CHECK_FALSE(book.strike(asked, {.at = FaultPoint::client_hello}));
    CHECK(book.strike(asked, {.as = policy::FaultRole::client, .at = FaultPoint::client_hello}));
}

TEST_CASE("a condition on the hello wants one that matches") {
    proxy::FaultBook book;
    policy::FaultCondition when;
    when.hello = policy::HelloMatch{.alpn = {"h2"}};
    auto const asked = decision({a_fault(fault::Alert{}, when)});
    CHECK(strikes(book, asked, 1) == "x");
    CHECK(strikes(book, asked, 1, hello({"http/1.1"})) == ".");
    CHECK_FALSE(book.strike(asked, {.at = FaultPoint::client_hello}));
}

TEST_CASE("a condition on segments wants more, and somebody who counted") {
    proxy::FaultBook book;
    auto const asked = decision({a_fault(fault::Alert{}, {.segments_over = 2})});
    CHECK(book.strike(asked, {.at = FaultPoint::client_hello, .segments = 3}));
    CHECK_FALSE(book.strike(asked, {.at = FaultPoint::client_hello, .segments = 2}));
    CHECK_FALSE(book.strike(asked, {.at = FaultPoint::client_hello}));
}

TEST_CASE("a condition on time holds in its window, and what does not hold is not counted") {
    proxy::FaultBook book;
    policy::Clock::time_point const begin{std::chrono::hours(1)}, end{std::chrono::hours(2)};
    auto const asked = decision({a_fault(fault::Alert{}, {.time = {begin, end}, .times = 1})});
    CHECK_FALSE(book.strike(asked, {.at = FaultPoint::client_hello, .now = end}));
    CHECK(book.strike(asked, {.at = FaultPoint::client_hello, .now = begin}));
    CHECK_FALSE(book.strike(asked, {.at = FaultPoint::client_hello, .now = begin}));
}

TEST_CASE("every and times count what the conditions before them hold for") {
    proxy::FaultBook book;
    policy::FaultCondition when;
    when.every = 3;
    CHECK(strikes(book, decision({a_fault(fault::Alert{}, when)}, "every"), 7) == "x..x..x");
    when.times = 2;
    CHECK(strikes(book, decision({a_fault(fault::Alert{}, when)}, "both"), 10) == "x..x......");
    when.every.reset();
    when.hello = policy::HelloMatch{.alpn = {"h2"}};
    auto const asked = decision({a_fault(fault::Alert{}, when)}, "times");
    CHECK(strikes(book, asked, 1, hello({})) == ".");
    CHECK(strikes(book, asked, 3) == "xx.");
}

TEST_CASE("chance draws the same lots from the same seed") {
    policy::FaultCondition when;
    when.chance = 0.25;
    when.seed = 7;
    auto const asked = decision({a_fault(fault::Alert{}, when)});
    proxy::FaultBook one, other;
    auto const first = strikes(one, asked, 400);
    CHECK(first == strikes(other, asked, 400));
    auto const struck = std::ranges::count(first, 'x');
    CHECK((struck > 60 && struck < 140));
    when.seed = 8;
    proxy::FaultBook third;
    CHECK(first != strikes(third, decision({a_fault(fault::Alert{}, when)}), 400));
}

TEST_CASE("delays and warnings come before what ends it, and nothing comes after") {
    proxy::FaultBook book;
    auto const warning = a_fault(fault::Alert{.level = tls::AlertLevel::warning});
    auto const asked = decision({a_fault(fault::Delay{}), warning, a_fault(fault::Close{}),
                                 a_fault(fault::Garbage{}), a_fault(fault::Reset{})});
    auto const blow = book.strike(asked, {.at = FaultPoint::client_hello});
    REQUIRE(blow);
    CHECK(blow->actions.size() == 3);
    CHECK(blow->actions.back() == FaultAction(fault::Close{}));
}

TEST_CASE("counts are a rule's own, and begin anew with another fault in its place") {
    proxy::FaultBook book;
    policy::FaultCondition once;
    once.times = 1;
    CHECK(strikes(book, decision({a_fault(fault::Alert{}, once)}, "a"), 2) == "x.");
    CHECK(strikes(book, decision({a_fault(fault::Alert{}, once)}, "b"), 2) == "x.");
    CHECK(strikes(book, decision({a_fault(fault::Alert{}, once)}, "a"), 1) == ".");
    CHECK(strikes(book, decision({a_fault(fault::Reset{}, once)}, "a"), 2) == "x.");
}

TEST_CASE("at a request, its method and path count, and what cannot be there is not counted") {
    proxy::FaultBook book;
    auto const ask = [&](policy::Decision const& asked, proxy::RequestFacts const& facts) {
        return book.strike(asked, {.at = FaultPoint::request, .request = &facts}).has_value();
    };
    SECTION("method and path") {
        policy::FaultCondition when;
        when.request = policy::RequestMatch{{"POST"}, {"/v1/*"}};
        when.every = 2;
        auto const asked = decision({a_fault(fault::Status{}, when, FaultPoint::request)});
        CHECK(ask(asked, {"POST", "/v1/a"}));
        CHECK_FALSE(ask(asked, {"GET", "/v1/a"}));
        CHECK_FALSE(ask(asked, {"POST", "/v2/a"}));
        CHECK_FALSE(ask(asked, {"POST", "/v1/b"})); // the second
        CHECK(ask(asked, {"POST", "/v1/c?x"}));
        CHECK_FALSE(book.strike(asked, {.at = FaultPoint::request}));
    }
    SECTION("HTTP/2") {
        auto const action = GENERATE(FaultAction(fault::RstStream{8}), FaultAction(fault::Goaway{8}),
                                     FaultAction(fault::Truncate{{}, fault::Truncate::By::rst_stream, 8}));
        auto const asked = decision({a_fault(action, {.times = 1}, FaultPoint::request)});
        CHECK_FALSE(ask(asked, {"GET", "/", false}));
        CHECK(ask(asked, {"GET", "/", true}));
        CHECK_FALSE(ask(asked, {"GET", "/", true}));
    }
    SECTION("calls") {
        auto const asked = decision({a_fault(fault::GrpcStatus{}, {.times = 1}, FaultPoint::request)});
        CHECK_FALSE(ask(asked, {"POST", "/", true, false}));
        CHECK(ask(asked, {"POST", "/", false, true}));
    }
}
