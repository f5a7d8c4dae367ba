#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace alert40::text {

namespace detail {

inline std::string base64_with(std::string_view digits, std::string_view bytes) {
    auto const at = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
    };
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        for (auto const shift : {18u, 12u, 6u, 0u})
            out += digits[group >> shift & 63];
    }
    return out;
}

inline std::size_t missing_bytes(std::string_view bytes) {
    return (3 - bytes.size() % 3) % 3;
}

} // namespace detail

/// RFC 4648 section 4, padded.
inline std::string base64(std::string_view bytes) {
    auto out = detail::base64_with("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bytes);
    auto const missing = detail::missing_bytes(bytes);
    return out.replace(out.size() - missing, missing, missing, '=');
}

/// RFC 4648 section 5, without padding: for URLs.
inline std::string base64url(std::string_view bytes) {
    auto out = detail::base64_with("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bytes);
    out.resize(out.size() - detail::missing_bytes(bytes));
    return out;
}

} // namespace alert40::text
