#include "tls/ca/host_name.hpp"

#include "tls/ca/der.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace alert40::tls::ca {
namespace {

using Parsed = boost::system::result<HostName, std::string>;

Parsed refused(std::string why) {
    return Parsed(boost::system::in_place_error, std::move(why));
}

constexpr std::uint8_t dns_name = 2, ip_address = 7;  ///< of GeneralName
constexpr std::size_t max_name = 253, max_label = 63; // RFC 1035 section 2.3.4

std::string quoted(std::string_view text) {
    std::string shown;
    for (auto const c : text.substr(0, 80))
        shown += c >= 0x20 && c < 0x7f ? c : '?';
    return "\"" + shown + "\"";
}

/// 4 or 16 bytes.
std::optional<std::string> address_bytes(std::string const& text) {
    std::array<char, 16> bytes{};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 16);
    return std::nullopt;
}

/// Underscores are no letters of host names, and yet hosts have them.
bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= max_label && std::ranges::all_of(label, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool is_dns_name(std::string_view name) {
    if (name.size() > max_name) return false;
    for (;;) {
        auto const dot = name.find('.');
        if (!is_label(name.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        name.remove_prefix(dot + 1);
    }
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// The first `bits` of `size` bytes.
std::string mask(std::size_t size, unsigned bits) {
    std::string bytes(size, '\0');
    for (unsigned i = 0; i < bits; ++i)
        bytes[i / 8] = static_cast<char>(bytes[i / 8] | 0x80 >> i % 8);
    return bytes;
}

} // namespace

Parsed parse_host_name(std::string_view host) {
    auto name = lower(host);
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    if (auto const address = address_bytes(name))
        return HostName{name, der::value(der::context(ip_address), *address)};
    if (name.ends_with('.')) name.pop_back();
    if (name.empty()) return refused("there is no host name to make a certificate for");
    if (!is_dns_name(name)) return refused(quoted(host) + " is no host name that a certificate can be for");
    auto general_name = der::value(der::context(dns_name), name);
    return HostName{std::move(name), std::move(general_name)};
}

Parsed parse_constraint(std::string_view text) {
    auto const slash = text.find('/');
    auto const address = address_bytes(std::string(text.substr(0, slash)));
    if (!address && slash == std::string_view::npos) {
        auto host = parse_host_name(text);
        if (!host) return refused(quoted(text) + " is no name or network to limit an authority to");
        return host;
    }
    auto bits = address ? static_cast<unsigned>(address->size() * 8) : 0;
    auto const most = bits;
    if (slash != std::string_view::npos) {
        auto const number = text.substr(slash + 1);
        auto const* const end = number.data() + number.size();
        auto const read = std::from_chars(number.data(), end, bits);
        if (!address || read.ec != std::errc{} || read.ptr != end || bits > most)
            return refused(quoted(text) + " is no network");
    }
    return HostName{std::string(text),
                    der::value(der::context(ip_address), *address + mask(address->size(), bits))};
}

} // namespace alert40::tls::ca
