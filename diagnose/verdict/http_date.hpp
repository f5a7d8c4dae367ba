#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace alert40::diagnose {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate, RFC 9110 section 5.6.7). The weekday is not looked at.
/// Nothing: it is no such date; the obsolete forms are none.
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text);

} // namespace alert40::diagnose
