#include "record/printable.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace alert40::record {

namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0; ///< 0: not UTF-8
};

/// The first code point of `text` (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
CodePoint decode(std::string_view text) {
    auto const first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return {first, 1};
    auto const bytes = first >= 0xf0 ? 4u : first >= 0xe0 ? 3u : 2u;
    if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
    std::uint32_t value = first & (0x7fu >> bytes);
    for (auto const c : text.substr(1, bytes - 1)) {
        if ((c & 0xc0) != 0x80) return {};
        value = value << 6 | (static_cast<unsigned char>(c) & 0x3fu);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[bytes] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
    return {value, bytes};
}

bool acts_on_terminal(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

std::string escape(char const* form, unsigned value) {
    char text[16];
    auto const n = std::snprintf(text, sizeof text, form, value);
    return {text, static_cast<std::size_t>(n)};
}

} // namespace

std::string valid_utf8(std::string_view text) {
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return std::string{text};
    std::string out;
    while (!text.empty()) {
        auto const point = decode(text);
        auto const n = std::max<std::size_t>(point.bytes, 1);
        if (point.bytes == 0)
            out += escape("\\x%02x", static_cast<unsigned char>(text[0]));
        else
            out += text.substr(0, n);
        text.remove_prefix(n);
    }
    return out;
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string out;
    for (std::size_t shown = 0; !text.empty(); ++shown) {
        if (shown + 1 >= limit && text.size() > 1) return out += "...";
        auto const point = decode(text);
        auto const n = std::max<std::size_t>(point.bytes, 1);
        if (point.bytes == 0)
            out += escape("\\x%02x", static_cast<unsigned char>(text[0]));
        else if (acts_on_terminal(point.value))
            out += escape("\\u{%02x}", point.value);
        else
            out += text.substr(0, n);
        text.remove_prefix(n);
    }
    return out;
}

} // namespace alert40::record
