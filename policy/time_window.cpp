#include "policy/time_window.hpp"

#include "policy/time_text.hpp"

#include <charconv>
#include <ctime>

namespace alert40::policy {
namespace {

using std::chrono::minutes;
using std::chrono::system_clock;

constexpr minutes one_day = std::chrono::hours(24);

minutes since_midnight(system_clock::time_point now) {
    auto const seconds = system_clock::to_time_t(now);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    return std::chrono::hours(local.tm_hour) + minutes(local.tm_min);
}

template <class Bound>
Bound const* get(std::optional<TimeBound> const& bound) {
    return bound ? std::get_if<Bound>(&*bound) : nullptr;
}

bool holds_today(TimeOfDay const* from, TimeOfDay const* until, minutes now) {
    bool const begun = !from || now >= from->since_midnight;
    bool const over = until && now >= until->since_midnight;
    bool const past_midnight = from && until && from->since_midnight > until->since_midnight;
    return past_midnight ? begun || !over : begun && !over;
}

std::optional<int> two_digits(std::string_view text) {
    int number = 0;
    auto const* const end = text.data() + text.size();
    if (text.size() != 2 || text[0] < '0' || std::from_chars(text.data(), end, number).ptr != end)
        return std::nullopt;
    return number;
}

} // namespace

std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    auto const hour = two_digits(text.substr(0, 2));
    auto const minute = two_digits(text.substr(3));
    if (!hour || !minute || *minute > 59) return std::nullopt;
    auto const time = std::chrono::hours(*hour) + minutes(*minute);
    if (time > one_day) return std::nullopt;
    return TimeOfDay{time};
}

std::string bound_text(TimeBound const& bound) {
    auto const* daily = std::get_if<TimeOfDay>(&bound);
    if (!daily) return time_text(std::get<system_clock::time_point>(bound));
    auto const number = [](long n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    auto const time = daily->since_midnight.count();
    return number(time / 60) + ':' + number(time % 60);
}

bool TimeWindow::holds(system_clock::time_point now) const {
    auto const* begin = get<system_clock::time_point>(from);
    auto const* end = get<system_clock::time_point>(until);
    if ((begin && now < *begin) || (end && now >= *end)) return false;
    auto const* opens = get<TimeOfDay>(from);
    auto const* closes = get<TimeOfDay>(until);
    return (!opens && !closes) || holds_today(opens, closes, since_midnight(now));
}

bool TimeWindow::is_empty() const {
    if (!from || !until || from->index() != until->index()) return false;
    auto const* begin = get<system_clock::time_point>(from);
    return begin ? *begin >= std::get<system_clock::time_point>(*until) : *from == *until;
}

} // namespace alert40::policy
