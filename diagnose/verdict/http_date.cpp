#include "diagnose/verdict/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace alert40::diagnose {
namespace {

constexpr std::string_view model = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// -1: not digits alone.
int number(std::string_view digits) {
    int value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() ? value : -1;
}

} // namespace

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text) {
    using namespace std::chrono;
    if (text.size() != model.size() || !text.ends_with(" GMT")) return std::nullopt;
    auto const* const month = std::ranges::find(months, text.substr(8, 3));
    if (month == months.end()) return std::nullopt;
    year_month_day const day{year(number(text.substr(12, 4))),
                             std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                             std::chrono::day(static_cast<unsigned>(number(text.substr(5, 2))))};
    int const hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2)),
              second = number(text.substr(23, 2));
    if (!day.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    return sys_days(day) + hours(hour) + minutes(minute) + seconds(second);
}

} // namespace alert40::diagnose
