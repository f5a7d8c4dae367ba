#include "app/pointing/proxy_address.hpp"

#include "text/percent_decoded.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace alert40::app::pointing {

namespace {

constexpr std::string_view hex = "0123456789ABCDEF";

/// Of userinfo (RFC 3986 section 3.2.1); the colon between the two parts stays.
std::string percent_encoded(std::string_view text) {
    std::string out;
    for (unsigned char const c : text) {
        if (std::isalnum(c) ||
            std::string_view("-._~:").find(static_cast<char>(c)) != std::string_view::npos) {
            out += static_cast<char>(c);
            continue;
        }
        out += '%';
        out += hex[c >> 4];
        out += hex[c & 15];
    }
    return out;
}

bool is_host_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-._:").find(c) != std::string_view::npos;
}

} // namespace

std::string ProxyAddress::url() const {
    auto const user = credentials.empty() ? "" : percent_encoded(credentials) + '@';
    return "http://" + user + place();
}

std::string ProxyAddress::place() const {
    auto const literal = host.find(':') == std::string::npos ? host : '[' + host + ']';
    return literal + ':' + std::to_string(port);
}

std::optional<ProxyAddress> parse_listener(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    auto host = text.substr(0, colon);
    auto const port_text = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != host.npos)
        return std::nullopt;
    ProxyAddress address;
    auto const [end, error] =
        std::from_chars(port_text.data(), port_text.data() + port_text.size(), address.port);
    if (error != std::errc() || end != port_text.data() + port_text.size() || address.port == 0)
        return std::nullopt;
    if (host.empty() || !std::ranges::all_of(host, is_host_character)) return std::nullopt;
    address.host = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host;
    return address;
}

std::optional<ProxyAddress> parse_proxy_url(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
    if (text.ends_with('/')) text.remove_suffix(1);
    auto const at = text.rfind('@');
    auto address = parse_listener(at == text.npos ? text : text.substr(at + 1));
    if (!address || at == text.npos) return address;
    auto credentials = text::percent_decoded(text.substr(0, at));
    if (!credentials) return std::nullopt;
    address->credentials = std::move(*credentials);
    return address;
}

} // namespace alert40::app::pointing
