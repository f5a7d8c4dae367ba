#include "proxy/message/syntax.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace alert40::proxy {
namespace {

using CharSet = std::array<bool, 256>;

constexpr bool alphanumeric(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr bool decimal_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr CharSet alphanumeric_and(std::string_view others) {
    CharSet set{};
    for (unsigned c = 0; c < set.size(); ++c)
        set[c] = alphanumeric(static_cast<unsigned char>(c));
    for (char const c : others)
        set[static_cast<unsigned char>(c)] = true;
    return set;
}

constexpr CharSet all_but(bool (*excluded)(unsigned c)) {
    CharSet set{};
    for (unsigned c = 0; c < set.size(); ++c)
        set[c] = !excluded(c);
    return set;
}

constexpr CharSet token_chars = alphanumeric_and("!#$%&'*+-.^_`|~");
constexpr CharSet text_chars = all_but([](unsigned c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
constexpr CharSet path_chars = all_but([](unsigned c) { return c <= 0x20 || c == 0x7f || c == '#'; });
/// reg-name without percent encoding: unreserved and sub-delims (RFC 3986 section 3.2.2).
constexpr CharSet name_chars = alphanumeric_and("-._~!$&'()*+,;=");
/// IPv6address, IPvFuture, and the zone that some clients put behind it.
constexpr CharSet literal_chars = alphanumeric_and("-._~!$&'()*+,;=:%");

/// How many characters at the front of `text` are in the set.
std::size_t size_in(CharSet const& set, std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && set[static_cast<unsigned char>(text[size])])
        ++size;
    return size;
}

bool all_in(CharSet const& set, std::string_view text) {
    return size_in(set, text) == text.size();
}

bool valid_reg_name(std::string_view name) {
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name_chars[static_cast<unsigned char>(name[i])]) continue;
        if (name[i] != '%' || name.size() - i < 3 || !hex_digit(name[i + 1]) || !hex_digit(name[i + 2]))
            return false;
        i += 2;
    }
    return !name.empty();
}

bool valid_port(std::string_view port) {
    if (port.size() > 5 || !std::all_of(port.begin(), port.end(), decimal_digit)) return false;
    std::uint32_t number = 0;
    for (char const c : port)
        number = number * 10 + static_cast<std::uint32_t>(c - '0');
    return number <= 0xffff;
}

struct HostAndPort {
    std::string_view host;
    std::string_view port; ///< with its colon; empty: none
};

HostAndPort split(std::string_view authority) {
    auto const from = authority.starts_with('[') ? authority.find(']') : 0;
    auto const colon = from == std::string_view::npos ? from : authority.find(':', from);
    if (colon == std::string_view::npos) return {authority, {}};
    return {authority.substr(0, colon), authority.substr(colon)};
}

bool valid_host(std::string_view host) {
    if (!host.starts_with('[')) return valid_reg_name(host);
    return host.size() > 4 && host.ends_with(']') && all_in(literal_chars, host.substr(1, host.size() - 2));
}

} // namespace

bool valid_token(std::string_view text) {
    return !text.empty() && all_in(token_chars, text);
}

std::size_t token_size(std::string_view text) {
    return size_in(token_chars, text);
}

std::size_t text_size(std::string_view text) {
    return size_in(text_chars, text);
}

bool valid_field_value(std::string_view value) {
    if (value.empty()) return true;
    return !is_white_space(value.front()) && !is_white_space(value.back()) && all_in(text_chars, value);
}

bool valid_authority(std::string_view authority) {
    auto const [host, port] = split(authority);
    return authority.size() <= 512 && valid_host(host) && (port.empty() || valid_port(port.substr(1)));
}

bool valid_connect_authority(std::string_view authority) {
    return valid_authority(authority) && split(authority).port.size() > 1;
}

bool valid_path(std::string_view path) {
    return path.starts_with('/') && all_in(path_chars, path);
}

} // namespace alert40::proxy
