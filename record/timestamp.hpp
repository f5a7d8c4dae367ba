#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::record {

/// "2026-11-23T03:04:05.678901Z" (RFC 3339, UTC, always six decimals).
std::string timestamp(std::chrono::system_clock::time_point time);
/// The same form back, with any number of decimals up to nine; nothing for any other text.
std::optional<std::chrono::system_clock::time_point> parse_timestamp(std::string_view text);
/// "03:04:05.678", in the zone of this machine or in UTC.
std::string clock_time(std::chrono::system_clock::time_point time, bool local);

} // namespace alert40::record
