#include "policy/host_name.hpp"

#include <idn2.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <memory>

namespace alert40::policy {
namespace {

// RFC 1035 section 2.3.4.
constexpr std::size_t max_name = 253;
constexpr std::size_t max_label = 63;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Letters, digits, hyphen (RFC 1123), and the underscore that real names have.
bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

std::string_view last_label(std::string_view name) {
    auto const dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

// As inet_aton and browsers see it: a name that ends so is meant as an address.
bool reads_as_number(std::string_view label) {
    if (label.starts_with("0x"))
        return std::all_of(label.begin() + 2, label.end(),
                           [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
    return std::all_of(label.begin(), label.end(), is_digit);
}

// Of an all lower-case ASCII name.
bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > max_name || reads_as_number(last_label(name))) return false;
    for (std::size_t at = 0; at <= name.size();) {
        auto const end = std::min(name.find('.', at), name.size());
        auto const label = name.substr(at, end - at);
        if (label.empty() || label.size() > max_label) return false;
        if (!std::all_of(label.begin(), label.end(), is_name_byte)) return false;
        at = end + 1;
    }
    return true;
}

std::optional<std::string> idna(std::string const& unicode) {
    std::uint8_t* out = nullptr;
    int const result = idn2_lookup_u8(reinterpret_cast<std::uint8_t const*>(unicode.c_str()), &out,
                                      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    std::unique_ptr<std::uint8_t, void (*)(void*)> const owned(out, idn2_free);
    if (result != IDN2_OK) return std::nullopt;
    return std::string(reinterpret_cast<char const*>(out));
}

} // namespace

bool host_matches(std::string_view pattern, std::string_view host) {
    if (pattern == "*") return true;
    if (!pattern.starts_with("*.")) return pattern == host;
    auto const suffix = pattern.substr(1);
    return host.size() > suffix.size() && host.ends_with(suffix);
}

std::optional<std::string> to_ip_literal(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::string const terminated(text);
    std::array<unsigned char, sizeof(in6_addr)> address{};
    for (int const family : {AF_INET, AF_INET6}) {
        if (inet_pton(family, terminated.c_str(), address.data()) != 1) continue;
        std::array<char, INET6_ADDRSTRLEN> canonical{};
        return inet_ntop(family, address.data(), canonical.data(), canonical.size());
    }
    return std::nullopt;
}

std::optional<std::string> to_a_label(std::string_view host) {
    if (auto literal = to_ip_literal(host)) return literal;
    if (host.size() > 4 * max_name || host.find('\0') != std::string_view::npos) return std::nullopt;

    std::string name(host);
    bool const ascii =
        std::all_of(name.begin(), name.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    if (!ascii) {
        auto label = idna(name);
        if (!label) return std::nullopt;
        name = std::move(*label);
    }
    std::transform(name.begin(), name.end(), name.begin(), lower);
    if (name.ends_with('.')) name.pop_back();
    if (!is_host_name(name)) return std::nullopt;
    return name;
}

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1";
}

} // namespace alert40::policy
