#include "record/timestamp.hpp"

#include <charconv>
#include <cstdio>
#include <ctime>

namespace alert40::record {

using std::chrono::system_clock;

namespace {

/// Exactly `width` digits at `at`; -1 for anything else.
int digits(std::string_view text, std::size_t at, std::size_t width) {
    int value = 0;
    for (auto const c : text.substr(at, width)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

/// ".678901" in nanoseconds; nothing where it is not a fraction.
std::optional<std::chrono::nanoseconds> fraction(std::string_view text) {
    if (text.empty()) return std::chrono::nanoseconds{0};
    if (text.front() != '.' || text.size() < 2 || text.size() > 10) return std::nullopt;
    auto value = digits(text, 1, text.size() - 1);
    if (value < 0) return std::nullopt;
    for (auto n = text.size(); n < 10; ++n)
        value *= 10;
    return std::chrono::nanoseconds{value};
}

} // namespace

std::string timestamp(system_clock::time_point time) {
    using namespace std::chrono;
    auto const day = floor<days>(time);
    year_month_day const date{day};
    hh_mm_ss const clock{floor<microseconds>(time - day)};
    char text[48];
    auto const n =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", int{date.year()},
                      unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                      static_cast<int>(clock.subseconds().count()));
    return {text, static_cast<std::size_t>(n)};
}

std::optional<system_clock::time_point> parse_timestamp(std::string_view text) {
    using namespace std::chrono;
    if (text.size() < 20 || text.back() != 'Z') return std::nullopt;
    if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    auto const y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
    auto const h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
    // Years that 64 bits of nanoseconds can count.
    if (y < 1700 || y > 2200 || mo < 0 || d < 0 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60)
        return std::nullopt;
    year_month_day const date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    auto const part = fraction(text.substr(19, text.size() - 20));
    if (!date.ok() || !part) return std::nullopt;
    return sys_days{date} + hours{h} + minutes{mi} + seconds{s} + *part;
}

std::string clock_time(system_clock::time_point time, bool local) {
    auto const milliseconds = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
    auto const seconds =
        static_cast<std::time_t>((milliseconds - (milliseconds % 1000 + 1000) % 1000) / 1000);
    std::tm parts{};
    local ? localtime_r(&seconds, &parts) : gmtime_r(&seconds, &parts);
    char text[32];
    auto const n = std::snprintf(text, sizeof text, "%02d:%02d:%02d.%03d", parts.tm_hour, parts.tm_min,
                                 parts.tm_sec, static_cast<int>((milliseconds % 1000 + 1000) % 1000));
    return {text, static_cast<std::size_t>(n)};
}

} // namespace alert40::record
