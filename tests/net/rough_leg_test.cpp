#include "net/rough_leg.hpp"

#include "support/catch.hpp"

using namespace alert40::net;
using namespace std::chrono_literals;
using alert40::tls::Direction;
using Kind = PathFault::Kind;

namespace {

RoughLeg leg(std::vector<PathFault> faults) {
    return RoughLeg(faults, Direction::sent);
}

RoughLeg::Time const start{};

} // namespace

TEST_CASE("without a fault of its direction everything passes") {
    auto all = leg({{.kind = Kind::reset, .direction = Direction::received}});
    CHECK(all.may_pass(1'000'000, start) == 1'000'000);
    CHECK(!all.strikes());
    CHECK(!all.slow());
}

TEST_CASE("so many bytes pass, and then it strikes") {
    auto const kind = GENERATE(Kind::silence, Kind::reset, Kind::close);
    auto cut = leg({{.kind = kind, .after = 100}});
    CHECK(cut.may_pass(60, start) == 60);
    cut.passed(60);
    CHECK(!cut.strikes());
    CHECK(cut.may_pass(60, start) == 40);
    cut.passed(40);
    CHECK(cut.strikes() == kind);
    CHECK(cut.may_pass(60, start) == 0);
}

TEST_CASE("what counts from behind the hello waits until that has left") {
    auto cut = leg({{.kind = Kind::reset, .after = 10, .behind_hello = true}});
    CHECK(cut.may_pass(517, start) == 517);
    cut.passed(517);
    cut.hello_left(517);
    CHECK(!cut.strikes());
    CHECK(cut.may_pass(100, start) == 10);
    auto early = leg({{.kind = Kind::reset, .after = 10, .behind_hello = true}});
    early.passed(517);
    CHECK(!early.strikes());
    early.hello_left(507);
    CHECK(early.strikes() == Kind::reset);
}

TEST_CASE("a slow leg lets through what the time allows, from its byte on") {
    auto slow = leg({{.kind = Kind::throttle, .after = 100, .bytes_per_second = 1000}});
    CHECK(slow.may_pass(5000, start) == 100);
    slow.passed(100);
    CHECK(slow.slow());
    CHECK(!slow.strikes());
    CHECK(slow.may_pass(5000, start) == 50);
    slow.passed(50);
    CHECK(slow.may_pass(5000, start) == 0);
    CHECK(slow.may_pass(5000, start + 20ms) == 20);
    slow.passed(20);
    CHECK(slow.may_pass(5000, start + 1h) == 50); // a rest saves up no more than a slice
    CHECK(slow.may_pass(0, start + 1h) == 0);
}

TEST_CASE("a byte a second is slow, and not nothing") {
    auto slow = leg({{.kind = Kind::throttle, .bytes_per_second = 1}});
    CHECK(slow.may_pass(10, start) == 1);
    slow.passed(1);
    CHECK(slow.may_pass(10, start + 900ms) == 0);
    CHECK(slow.may_pass(10, start + 1100ms) == 1);
}

TEST_CASE("several faults of one leg: the slowest rate, the first end") {
    auto both = leg({{.kind = Kind::throttle, .bytes_per_second = 1000},
                     {.kind = Kind::throttle, .bytes_per_second = 100},
                     {.kind = Kind::close, .after = 7}});
    CHECK(both.may_pass(50, start) == 5);
    both.passed(5);
    CHECK(both.may_pass(50, start + 50ms) == 2);
    both.passed(2);
    CHECK(both.strikes() == Kind::close);
}
