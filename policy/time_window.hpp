#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace alert40::policy {

/// "14:30" of every day, in the time zone of this machine.
struct TimeOfDay {
    std::chrono::minutes since_midnight{0};

    bool operator==(TimeOfDay const&) const = default;
};

/// "HH:MM", 00:00 to 24:00.
std::optional<TimeOfDay> parse_time_of_day(std::string_view text);

using TimeBound = std::variant<std::chrono::system_clock::time_point, TimeOfDay>;

/// "14:30", "2026-11-23T03:04:05Z"
std::string bound_text(TimeBound const& bound);

/// When something holds: from then on, and before then. Two times of day hold over midnight where the first
/// is the later one.
struct TimeWindow {
    std::optional<TimeBound> from{}, until{};

    bool operator==(TimeWindow const&) const = default;

    bool holds(std::chrono::system_clock::time_point now) const;
    /// It has an end, and no moment before it.
    bool is_empty() const;
};

} // namespace alert40::policy
