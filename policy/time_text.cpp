#include "policy/time_text.hpp"

#include "policy/limits.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace alert40::policy {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::system_clock;

struct Unit {
    std::string_view name;
    milliseconds length;
};

// Large before small: the order in which they are written.
constexpr std::array units = {
    Unit{"d", std::chrono::hours(24)},  Unit{"h", std::chrono::hours(1)}, Unit{"m", std::chrono::minutes(1)},
    Unit{"s", std::chrono::seconds(1)}, Unit{"ms", milliseconds(1)},
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes from the front of a text; fails sticky, and is asked once at the end.
class Scanner {
  public:
    explicit Scanner(std::string_view text)
        : rest_(text) {}

    /// Exactly `digits` digits, from `low` to `high`.
    int number(std::size_t digits, int low, int high) {
        int value = 0;
        std::size_t taken = 0;
        for (; taken < digits && !rest_.empty() && is_digit(rest_.front()); ++taken)
            value = value * 10 + pop() - '0';
        failed_ |= taken != digits || value < low || value > high;
        return value;
    }

    /// One character out of `any`.
    char one_of(std::string_view any) {
        if (rest_.empty() || any.find(rest_.front()) == std::string_view::npos) {
            failed_ = true;
            return 0;
        }
        return pop();
    }

    void skip_fraction() {
        if (!rest_.starts_with('.')) return;
        pop();
        failed_ |= rest_.empty() || !is_digit(rest_.front());
        while (!rest_.empty() && is_digit(rest_.front()))
            pop();
    }

    bool finished() const { return !failed_ && rest_.empty(); }

  private:
    char pop() {
        char const c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::string_view rest_;
    bool failed_ = false;
};

std::chrono::minutes offset(Scanner& in) {
    char const sign = in.one_of("Zz+-");
    if (sign != '+' && sign != '-') return {};
    std::chrono::minutes away = std::chrono::hours(in.number(2, 0, 23));
    in.one_of(":");
    away += std::chrono::minutes(in.number(2, 0, 59));
    return sign == '+' ? away : -away;
}

} // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
    if (text == "0") return milliseconds(0);
    milliseconds total{0};
    std::size_t next_unit = 0;
    while (!text.empty()) {
        std::int64_t count = 0;
        std::size_t digits = 0;
        // Twelve digits of milliseconds are more than limits::duration, and far from an overflow.
        for (; digits < text.size() && digits < 12 && is_digit(text[digits]); ++digits)
            count = count * 10 + (text[digits] - '0');
        auto const name = text.substr(digits, text.find_first_of("0123456789", digits) - digits);
        while (next_unit < units.size() && units[next_unit].name != name)
            ++next_unit;
        if (digits == 0 || next_unit == units.size()) return std::nullopt;
        if (count > limits::duration / units[next_unit].length) return std::nullopt;
        total += count * units[next_unit++].length;
        text.remove_prefix(digits + name.size());
        if (text.empty() && total <= limits::duration) return total;
    }
    return std::nullopt;
}

std::string duration_text(milliseconds duration) {
    std::string text;
    for (auto const& unit : units) {
        auto const count = duration / unit.length;
        if (count == 0) continue;
        text += std::to_string(count) + std::string(unit.name);
        duration -= count * unit.length;
    }
    return text.empty() ? "0s" : text;
}

std::optional<Clock::time_point> parse_time(std::string_view text) {
    Scanner in(text);
    int const year = in.number(4, 1970, 2261);
    in.one_of("-");
    int const month = in.number(2, 1, 12);
    in.one_of("-");
    int const day = in.number(2, 1, 31);
    in.one_of("Tt ");
    int const hour = in.number(2, 0, 23);
    in.one_of(":");
    int const minute = in.number(2, 0, 59);
    in.one_of(":");
    int const second = in.number(2, 0, 60); // a leap second is the first of the next minute
    in.skip_fraction();
    auto const away = offset(in);
    std::chrono::year_month_day const date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!in.finished() || !date.ok()) return std::nullopt;
    return Clock::time_point(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second) - away;
}

std::string time_text(Clock::time_point time) {
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const clock(std::chrono::floor<std::chrono::seconds>(time - day));
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

} // namespace alert40::policy
