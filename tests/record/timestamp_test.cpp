#include "record/timestamp.hpp"
#include "support/catch.hpp"

using namespace std::chrono;
using namespace alert40::record;

namespace {

system_clock::time_point const moment =
    sys_days{year{2026} / 11 / 23} + hours{3} + minutes{4} + seconds{5} + microseconds{678'901};

} // namespace

TEST_CASE("a time is written with six decimals in UTC, and read back") {
    CHECK(timestamp(moment) == "2026-11-23T03:04:05.678901Z");
    CHECK(timestamp(system_clock::time_point{}) == "1970-01-01T00:00:00.000000Z");
    CHECK(timestamp(system_clock::time_point{-microseconds{1}}) == "1969-12-31T23:59:59.999999Z");
    CHECK(parse_timestamp(timestamp(moment)) == moment);
}

TEST_CASE("decimals may be fewer or absent") {
    CHECK(parse_timestamp("2026-11-23T03:04:05Z") == floor<seconds>(moment));
    CHECK(parse_timestamp("2026-11-23T03:04:05.6Z") == floor<seconds>(moment) + milliseconds{600});
    CHECK(parse_timestamp("2026-11-23T03:04:05.000000001Z") == floor<seconds>(moment) + nanoseconds{1});
}

TEST_CASE("what is not a time is nothing") {
    auto const text = GENERATE(as<std::string>{}, "", "Z", "2026-11-23", "2026-11-23T03:04:05",
                               "2026-11-23T03:04:05+00:00", "2026-13-23T03:04:05Z", "2026-02-30T03:04:05Z",
                               "2026-11-23T24:04:05Z", "2026-11-23T03:60:05Z", "2026-11-23T03:04:05.Z",
                               "2026-11-23T03:04:05.6x8Z", "2026-11-23T03:04:05.0000000001Z",
                               "9999-11-23T03:04:05Z", "2026-11-23 03:04:05Z", "-026-11-23T03:04:05Z");
    INFO(text);
    CHECK_FALSE(parse_timestamp(text));
}

TEST_CASE("the clock of a log line has milliseconds") {
    CHECK(clock_time(moment, false) == "03:04:05.678");
    CHECK(clock_time(system_clock::time_point{-milliseconds{1}}, false) == "23:59:59.999");
}
