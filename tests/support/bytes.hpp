#pragma once

#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Bytes in tests, as one writes them down.
namespace alert40::tests {

using Buffer = std::vector<std::uint8_t>;

/// "16 03 01 0005"; spaces are free.
inline Buffer hex(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    Buffer out;
    bool high = true;
    for (auto const c : text) {
        if (c == ' ' || c == '\n') continue;
        auto const digit = digits.find(c);
        if (digit == std::string_view::npos) throw std::invalid_argument("not hex: " + std::string{text});
        if (high)
            out.push_back(static_cast<std::uint8_t>(digit << 4));
        else
            out.back() = static_cast<std::uint8_t>(out.back() | digit);
        high = !high;
    }
    return out;
}

inline Buffer bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

inline Buffer joined(std::initializer_list<std::span<std::uint8_t const>> parts) {
    Buffer out;
    for (auto const part : parts)
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

/// A file under tests/.
inline Buffer read_file(std::string const& path) {
    std::ifstream in{std::string{ALERT40_TESTS_DIR} + '/' + path, std::ios::binary};
    if (!in) throw std::runtime_error("no file " + path);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The same as text.
inline std::string read_text(std::string const& path) {
    auto const bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
}

} // namespace alert40::tests
