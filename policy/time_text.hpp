#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::policy {

/// "10m", "250ms", "1h30m", "2d": numbers with units d, h, m, s, ms, each unit at most once, large before
/// small. "0" is none. Nothing for anything else, and for more than ten years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// The shortest such text: "1h30m"; "0s".
std::string duration_text(std::chrono::milliseconds duration);

/// RFC 3339 with an offset: "2026-11-23T03:04:05Z", "2026-11-23 04:04:05.5+01:00". Years 1970 to 2261.
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);
/// "2026-11-23T03:04:05Z".
std::string time_text(std::chrono::system_clock::time_point time);

} // namespace alert40::policy
