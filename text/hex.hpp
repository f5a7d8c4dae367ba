#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace alert40::text {

/// Two small digits a byte.
inline std::string hex(std::span<std::uint8_t const> bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (auto const byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 0xf];
    }
    return out;
}

} // namespace alert40::text
