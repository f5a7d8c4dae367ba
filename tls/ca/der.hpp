#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Writing DER (X.690): just what certificates need. Byte strings are std::string.
namespace alert40::tls::ca::der {

enum class Tag : std::uint8_t {
    boolean = 0x01,
    integer = 0x02,
    bit_string = 0x03,
    octet_string = 0x04,
    oid = 0x06,
    utf8_string = 0x0c,
    sequence = 0x30,
    set = 0x31,
};

/// [n] IMPLICIT of a primitive type, and [n] of a constructed one.
constexpr Tag context(std::uint8_t n) {
    return Tag{static_cast<std::uint8_t>(0x80 | n)};
}

constexpr Tag constructed_context(std::uint8_t n) {
    return Tag{static_cast<std::uint8_t>(0xa0 | n)};
}

/// Tag, length, content.
std::string value(Tag tag, std::string_view content);

template <class... Parts>
std::string sequence(Parts const&... parts) {
    std::string content;
    (content.append(parts), ...);
    return value(Tag::sequence, content);
}

/// A whole number of bits.
std::string bit_string(std::string_view bytes);

} // namespace alert40::tls::ca::der
