#include "net/environment_proxy.hpp"

#include "net/ip_endpoint.hpp"
#include "text/percent_decoded.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace alert40::net {

namespace {

using policy::Via;
using Bytes = std::span<std::uint8_t const>;

constexpr std::uint16_t default_port = 1080;

std::string in_small_letters(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view without_trailing_dot(std::string_view name) {
    return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

bool is_loopback(std::string_view host) {
    if (auto const endpoint = IpEndpoint::parse(host, 0))
        return endpoint->is_loopback() || endpoint->is_unspecified();
    constexpr std::string_view localhost = "localhost";
    host = without_trailing_dot(host);
    return same_letters(host, localhost) ||
           (host.size() > localhost.size() &&
            same_letters(host.substr(host.size() - localhost.size() - 1), ".localhost"));
}

/// The bytes of an address in network order.
Bytes bytes_of(IpEndpoint const& endpoint) {
    if (endpoint.is_v6())
        return {reinterpret_cast<sockaddr_in6 const*>(endpoint.data())->sin6_addr.s6_addr, sizeof(in6_addr)};
    return {reinterpret_cast<std::uint8_t const*>(
                &reinterpret_cast<sockaddr_in const*>(endpoint.data())->sin_addr),
            sizeof(in_addr)};
}

bool same_prefix(Bytes a, Bytes b, std::size_t bits) {
    if (a.size() != b.size() || bits > 8 * a.size()) return false;
    auto const whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    auto const mask = static_cast<std::uint8_t>(0xff00 >> bits % 8);
    return bits % 8 == 0 || ((a[whole] ^ b[whole]) & mask) == 0;
}

bool address_matches(IpEndpoint const& address, std::string_view entry) {
    auto const slash = entry.find('/');
    auto const network = IpEndpoint::parse(entry.substr(0, slash), 0);
    if (!network) return false;
    if (slash == entry.npos)
        return same_prefix(bytes_of(address), bytes_of(*network), 8 * bytes_of(address).size());
    auto const length = entry.substr(slash + 1);
    std::size_t bits = 0;
    auto const [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    return error == std::errc{} && end == length.data() + length.size() &&
           same_prefix(bytes_of(address), bytes_of(*network), bits);
}

bool name_matches(std::string_view host, std::string_view entry) {
    entry = without_trailing_dot(entry);
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (entry.empty() || host.size() < entry.size()) return false;
    if (!same_letters(host.substr(host.size() - entry.size()), entry)) return false;
    return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

bool entry_matches(std::string_view entry, std::string_view host, std::uint16_t port) {
    if (entry == "*") return true;
    if (auto const with_port = policy::parse_host_port(entry)) {
        if (with_port->port && *with_port->port != port) return false;
        auto const address = IpEndpoint::parse(host, port);
        return address ? address_matches(*address, with_port->host) : name_matches(host, with_port->host);
    }
    auto const address = IpEndpoint::parse(host, port);
    return address ? address_matches(*address, entry) : name_matches(host, entry);
}

} // namespace

bool no_proxy_matches(std::string_view list, std::string_view host, std::uint16_t port) {
    constexpr std::string_view separators = ", \t";
    host = without_trailing_dot(host);
    while (!list.empty()) {
        auto const end = std::min(list.find_first_of(separators), list.size());
        if (entry_matches(list.substr(0, end), host, port)) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

boost::system::result<Via, std::string> parse_proxy(std::string_view url) {
    auto kind = Via::Kind::http_proxy;
    if (auto const scheme = url.find("://"); scheme != url.npos) {
        auto const name = url.substr(0, scheme);
        auto const known = Via::proxy_of_scheme(in_small_letters(name));
        if (!known)
            return "a proxy of the kind " + std::string{name} +
                   ":// is not supported, only http://, socks5:// and socks5h://";
        kind = *known;
        url.remove_prefix(scheme + 3);
    }
    auto const userinfo_end = url.rfind('@') == url.npos ? 0 : url.rfind('@');
    url = url.substr(0, url.find_first_of("/?#", userinfo_end));
    Via via{.kind = kind, .host = {}, .port = default_port, .username = {}, .password = {}};
    if (auto const at = url.rfind('@'); at != url.npos) {
        auto const userinfo = url.substr(0, at);
        auto const colon = userinfo.find(':');
        auto const username = text::percent_decoded(userinfo.substr(0, colon));
        auto const password = text::percent_decoded(colon == userinfo.npos ? "" : userinfo.substr(colon + 1));
        if (!username || !password) return std::string{"its credentials are not percent-encoded well"};
        via.username = *username;
        via.password = *password;
        url.remove_prefix(at + 1);
    }
    auto const where = policy::parse_host_port(url);
    if (!where || where->host.empty()) return "\"" + std::string{url} + "\" is not HOST:PORT";
    via.host = where->host;
    if (where->port) via.port = *where->port;
    return via;
}

EnvironmentProxy EnvironmentProxy::read(std::function<char const*(char const*)> const& variable) {
    auto const first_of = [&](std::initializer_list<char const*> names) -> std::string {
        for (auto const* name : names)
            if (auto const* value = variable(name); value && *value) return value;
        return {};
    };
    return {.https = first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
            .http = first_of({"http_proxy", "all_proxy", "ALL_PROXY"}),
            .no_proxy = first_of({"no_proxy", "NO_PROXY"})};
}

boost::system::result<Via, std::string> EnvironmentProxy::for_origin(policy::Origin const& origin,
                                                                     std::string_view host) const {
    auto const& proxy = origin.scheme == "http" ? http : https;
    if (proxy.empty() || is_loopback(origin.host) || is_loopback(host) ||
        no_proxy_matches(no_proxy, origin.host, origin.port))
        return Via{.kind = Via::Kind::direct, .host = {}, .port = 0, .username = {}, .password = {}};
    auto via = parse_proxy(proxy);
    if (!via) return "the proxy that the environment names: " + via.error();
    return via;
}

} // namespace alert40::net
