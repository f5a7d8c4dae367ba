#include "policy/time_text.hpp"
#include "policy/time_window.hpp"

#include "support/catch.hpp"

#include <ctime>

using namespace alert40::policy;

namespace {

std::chrono::system_clock::time_point at(char const* text) {
    return parse_time(text).value();
}

/// Of a summer's day in the time zone of this machine.
std::chrono::system_clock::time_point local(int hour, int minute) {
    std::tm day{};
    day.tm_year = 2026 - 1900;
    day.tm_mon = 6;
    day.tm_mday = 14;
    day.tm_hour = hour;
    day.tm_min = minute;
    day.tm_isdst = -1;
    return std::chrono::system_clock::from_time_t(std::mktime(&day));
}

TimeBound daily(char const* text) {
    return parse_time_of_day(text).value();
}

} // namespace

TEST_CASE("a time of day has two digits, a colon and two digits") {
    CHECK(parse_time_of_day("00:00") == TimeOfDay{});
    CHECK(parse_time_of_day("23:59") == TimeOfDay{std::chrono::minutes(24 * 60 - 1)});
    CHECK(parse_time_of_day("24:00"));
    for (auto const* wrong :
         {"24:01", "12:60", "1:30", "01:3", "-1:30", "01:-3", "0130", "01:30:00", "", "ab:cd"})
        CHECK_FALSE(parse_time_of_day(wrong));
    CHECK(bound_text(daily("07:05")) == "07:05");
    CHECK(bound_text(at("2026-01-01T00:00:00Z")) == "2026-01-01T00:00:00Z");
}

TEST_CASE("a window holds from its beginning and before its end") {
    TimeWindow const window{at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z")};
    CHECK_FALSE(window.holds(at("2025-12-31T23:59:59Z")));
    CHECK(window.holds(at("2026-01-01T00:00:00Z")));
    CHECK(window.holds(at("2026-01-01T23:59:59Z")));
    CHECK_FALSE(window.holds(at("2026-01-02T00:00:00Z")));
    CHECK(TimeWindow{}.holds(at("2026-01-02T00:00:00Z")));
}

TEST_CASE("a window of every day may lead over midnight") {
    TimeWindow const day{daily("09:00"), daily("17:30")};
    CHECK_FALSE(day.holds(local(8, 59)));
    CHECK(day.holds(local(9, 0)));
    CHECK_FALSE(day.holds(local(17, 30)));
    TimeWindow const night{daily("22:00"), daily("06:00")};
    CHECK(night.holds(local(23, 0)));
    CHECK(night.holds(local(5, 59)));
    CHECK_FALSE(night.holds(local(6, 0)));
    TimeWindow const evening{daily("20:00"), std::nullopt};
    CHECK(evening.holds(local(20, 0)));
    CHECK_FALSE(evening.holds(local(19, 59)));
}

TEST_CASE("a day and a time of day hold together") {
    TimeWindow const window{daily("09:00"), at("2020-01-01T00:00:00Z")};
    CHECK_FALSE(window.holds(local(10, 0)));
}

TEST_CASE("a window without a moment is empty") {
    CHECK(TimeWindow{at("2026-01-02T00:00:00Z"), at("2026-01-01T00:00:00Z")}.is_empty());
    CHECK(TimeWindow{daily("09:00"), daily("09:00")}.is_empty());
    CHECK_FALSE(TimeWindow{daily("22:00"), daily("06:00")}.is_empty());
    CHECK_FALSE(TimeWindow{daily("22:00"), std::nullopt}.is_empty());
}
