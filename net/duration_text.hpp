#pragma once

#include <chrono>
#include <string>

namespace alert40::net {

/// "5 s", "250 ms".
inline std::string duration_text(std::chrono::milliseconds duration) {
    using namespace std::chrono_literals;
    return duration % 1s == 0ms ? std::to_string(duration / 1s) + " s"
                                : std::to_string(duration.count()) + " ms";
}

} // namespace alert40::net
