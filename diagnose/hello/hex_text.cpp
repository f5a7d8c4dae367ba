#include "diagnose/hello/hex_text.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

constexpr std::string_view digits = "0123456789abcdef", between = " \t\r\n:,;'\"";

std::optional<std::uint8_t> digit(char c) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    auto const value = digits.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint8_t>(value);
}

/// What may stand between two bytes, at the start of `text`.
std::size_t filling(std::string_view text) {
    if (text.front() == '#') return std::min(text.find('\n'), text.size());
    if (text.starts_with("0x") || text.starts_with("0X") || text.starts_with("\\x")) return 2;
    return text.find_first_not_of(between) == 0 ? 0 : 1;
}

} // namespace

std::optional<Buffer> bytes_of_hex(std::string_view text) {
    Buffer out;
    while (!text.empty()) {
        if (auto const skipped = filling(text)) {
            text.remove_prefix(skipped);
            continue;
        }
        auto const high = digit(text[0]), low = text.size() > 1 ? digit(text[1]) : std::nullopt;
        if (!high || !low) return std::nullopt;
        out.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
        text.remove_prefix(2);
    }
    return out;
}

std::string hex_of(tls::wire::Bytes bytes) {
    constexpr std::size_t a_line = 32;
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i > 0) out += i % a_line == 0 ? '\n' : ' ';
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

} // namespace alert40::diagnose
