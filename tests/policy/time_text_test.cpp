#include "policy/time_text.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;
using namespace std::chrono_literals;

TEST_CASE("spans of time are numbers with units, large before small") {
    CHECK(parse_duration("10m") == 10min);
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("1h30m") == 90min);
    CHECK(parse_duration("2d1h1m1s1ms") == 48h + 1h + 1min + 1s + 1ms);
    CHECK(parse_duration("0") == 0ms);
    CHECK(parse_duration("0s") == 0ms);
    for (auto const* bad : {"", "10", "m", "10x", "30m1h", "1m1m", "1.5h", "-5m", " 5m", "5 m", "5M", "4000d",
                            "99999999999999999999ms", "3660d3660d", "3660d1ms1"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_duration(bad));
    }
}

TEST_CASE("a span is written in its shortest form, and reads back") {
    CHECK(duration_text(90min) == "1h30m");
    CHECK(duration_text(250ms) == "250ms");
    CHECK(duration_text(0ms) == "0s");
    for (auto const span : {1ms, 59'999ms, 86'400'000ms, 90'061'001ms})
        CHECK(parse_duration(duration_text(span)) == span);
}

TEST_CASE("times are RFC 3339 with an offset") {
    auto const time = parse_time("2026-11-23T03:04:05Z");
    REQUIRE(time);
    CHECK(time->time_since_epoch() == 1795403045s);
    CHECK(time_text(*time) == "2026-11-23T03:04:05Z");
    CHECK(parse_time("2026-11-23 04:04:05.25+01:00") == time);
    CHECK(parse_time("2026-11-22t20:04:05-07:00") == time);
    CHECK(time_text(*parse_time("2024-02-29T23:59:60Z")) == "2024-03-01T00:00:00Z");
    for (auto const* bad :
         {"", "2026-11-23", "2026-11-23T03:04:05", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
          "2026-11-23T24:00:00Z", "2026-11-23T03:04Z", "2026-11-23T03:04:05.Z", "2026-11-23T03:04:05+1:00",
          "2026-11-23T03:04:05Zx", "1969-12-31T00:00:00Z", "9999-01-01T00:00:00Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_time(bad));
    }
}
