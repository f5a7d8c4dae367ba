#include "proxy/route/request_origin.hpp"

#include "policy/decision.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace alert40::proxy {
namespace {

using boost::system::result;

struct HostPort {
    std::string_view host; ///< without brackets
    std::optional<std::uint16_t> port;
};

std::optional<std::uint16_t> parse_port(std::string_view text) {
    unsigned value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

/// RFC 3986 section 3.2, without userinfo; an empty port is as none.
std::optional<HostPort> split_authority(std::string_view authority) {
    std::string_view host, rest;
    if (authority.starts_with('[')) {
        auto const close = authority.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        host = authority.substr(1, close - 1);
        rest = authority.substr(close + 1);
    } else {
        auto const colon = authority.find(':');
        host = authority.substr(0, colon);
        rest = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
    }
    if (host.empty() || (!rest.empty() && rest.front() != ':')) return std::nullopt;
    if (rest.size() <= 1) return HostPort{host, std::nullopt};
    auto const port = parse_port(rest.substr(1));
    if (!port) return std::nullopt;
    return HostPort{host, port};
}

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool ipv4_literal(std::string_view text) {
    int parts = 0;
    for (;;) {
        auto const dot = text.find('.');
        auto const part = text.substr(0, dot);
        if (!all_digits(part) || part.size() > 3 || std::stoi(std::string{part}) > 255) return false;
        ++parts;
        if (dot == std::string_view::npos) return parts == 4;
        text.remove_prefix(dot + 1);
    }
}

std::optional<std::string_view> name_below_localhost(std::string_view host) {
    constexpr std::string_view suffix = ".localhost";
    if (host.size() <= suffix.size() || !same_token(host.substr(host.size() - suffix.size()), suffix))
        return std::nullopt;
    return host.substr(0, host.size() - suffix.size());
}

result<RequestOrigin, NoOrigin> named_origin(std::string_view scheme, HostPort const& target) {
    if (scheme != "http" && scheme != "https")
        return NoOrigin{"alert40 forwards http and https, not \"" + std::string{scheme} + "\""};
    auto host = policy::to_a_label(target.host);
    if (!host) return NoOrigin{"not a host name: " + std::string{target.host}};
    auto const default_port = static_cast<std::uint16_t>(scheme == "https" ? 443 : 80);
    return RequestOrigin{{std::string{scheme}, *std::move(host), target.port.value_or(default_port)}, false};
}

} // namespace

result<policy::Origin, NoOrigin> origin_below_localhost(std::string_view name) {
    std::uint16_t port = 443;
    auto host = name;
    if (auto const dot = name.rfind('.');
        !ipv4_literal(name) && dot != std::string_view::npos && all_digits(name.substr(dot + 1))) {
        auto const given = parse_port(name.substr(dot + 1));
        if (!given) return NoOrigin{"not a port: " + std::string{name.substr(dot + 1)}};
        port = *given;
        host = name.substr(0, dot);
    }
    auto label = policy::to_a_label(host);
    if (!label) return NoOrigin{"not a host name: " + std::string{host}};
    return policy::Origin{"https", *std::move(label), port};
}

result<RequestOrigin, NoOrigin> origin_of(RequestHead const& request, Entrance const& entrance) {
    if (entrance.intercepted) { // by its own name, unless the listener stands for it
        bool const by_our_address = entrance.mapped && !entrance.by_sni;
        return RequestOrigin{*entrance.intercepted, by_our_address};
    }
    if (entrance.mapped) return RequestOrigin{*entrance.mapped, true};

    auto const target = split_authority(request.authority);
    if (!target) {
        if (request.authority.empty()) return NoOrigin{"the request names no host"};
        return NoOrigin{"not a host and port: " + std::string{request.authority}};
    }
    bool const by_absolute_target = request.absolute_form && request.version != HttpVersion::http2;
    if (by_absolute_target) return named_origin(request.scheme, *target);

    if (auto const name = name_below_localhost(target->host)) {
        auto origin = origin_below_localhost(*name);
        if (!origin) return origin.error();
        return RequestOrigin{*std::move(origin), true};
    }
    auto const own_scheme = entrance.tls ? std::string_view{"https"} : std::string_view{"http"};
    return named_origin(request.scheme.empty() ? own_scheme : request.scheme, *target);
}

} // namespace alert40::proxy
