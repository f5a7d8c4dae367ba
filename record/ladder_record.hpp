#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace alert40::record {

enum class LadderEvent : std::uint8_t { learned, expired, forgotten };

/// What a ladder learned about an origin, and when that ended: a step below the top that works there.
struct LadderRecord {
    std::string id; ///< ULID
    std::chrono::system_clock::time_point time;
    LadderEvent event = LadderEvent::learned;
    std::string host;
    std::string ladder;
    std::string profile;
    std::string reason; ///< the failure that led to it, one line
    std::chrono::system_clock::time_point expires;

    bool operator==(LadderRecord const&) const = default;
};

std::string_view name_of(LadderEvent event);

} // namespace alert40::record
