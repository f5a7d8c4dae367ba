#include "policy/origin.hpp"

#include "policy/host_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace alert40::policy {
namespace {

struct Scheme {
    std::string_view name;
    std::uint16_t port;
};

constexpr std::array schemes = {Scheme{"http", 80}, Scheme{"https", 443}};

std::optional<std::uint16_t> parse_port(std::string_view digits) {
    std::uint16_t port = 0;
    auto const end = digits.data() + digits.size();
    auto const [stop, error] = std::from_chars(digits.data(), end, port);
    if (digits.empty() || digits.size() > 5 || error != std::errc{} || stop != end) return std::nullopt;
    return port;
}

bool same_ignoring_case(std::string_view a, std::string_view lower_case) {
    return std::equal(a.begin(), a.end(), lower_case.begin(), lower_case.end(),
                      [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == y; });
}

std::optional<HostPort> with_port(std::string host, std::string_view port) {
    auto const number = parse_port(port);
    if (!number) return std::nullopt;
    return HostPort{std::move(host), number};
}

// What follows "[".
std::optional<HostPort> parse_bracketed(std::string_view text) {
    auto const close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    auto literal = to_ip_literal(text.substr(0, close));
    if (!literal || literal->find(':') == std::string::npos) return std::nullopt;
    auto const rest = text.substr(close + 1);
    if (rest.empty()) return HostPort{std::move(*literal), std::nullopt};
    if (rest.front() != ':') return std::nullopt;
    return with_port(std::move(*literal), rest.substr(1));
}

} // namespace

std::string bracketed(std::string_view host) {
    return host.find(':') == std::string_view::npos ? std::string(host) : "[" + std::string(host) + "]";
}

std::string Origin::authority() const {
    auto const own =
        std::find_if(schemes.begin(), schemes.end(), [&](auto const& s) { return s.name == scheme; });
    bool const usual = own != schemes.end() && own->port == port;
    return usual ? bracketed(host) : bracketed(host) + ":" + std::to_string(port);
}

std::string Origin::text() const {
    return scheme + "://" + authority();
}

std::string Endpoint::text() const {
    return bracketed(address) + ":" + std::to_string(port);
}

std::optional<HostPort> parse_host_port(std::string_view text) {
    if (text.starts_with('[')) return parse_bracketed(text.substr(1));
    auto const colon = text.find(':');
    bool const bare_ipv6 =
        colon != std::string_view::npos && text.find(':', colon + 1) != std::string_view::npos;
    if (bare_ipv6 || colon == std::string_view::npos) {
        auto host = bare_ipv6 ? to_ip_literal(text) : to_a_label(text);
        if (!host) return std::nullopt;
        return HostPort{std::move(*host), std::nullopt};
    }
    if (colon == 0) return with_port({}, text.substr(1));
    auto host = to_a_label(text.substr(0, colon));
    if (!host) return std::nullopt;
    return with_port(std::move(*host), text.substr(colon + 1));
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    auto const parsed = parse_host_port(text);
    if (!parsed || !parsed->port) return std::nullopt;
    auto address = parsed->host == "localhost" ? std::string("127.0.0.1") : to_ip_literal(parsed->host);
    if (!address) return std::nullopt;
    return Endpoint{std::move(*address), *parsed->port};
}

std::optional<Origin> parse_origin(std::string_view url) {
    auto const colon = url.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    auto const scheme = std::find_if(schemes.begin(), schemes.end(), [&](auto const& s) {
        return same_ignoring_case(url.substr(0, colon), s.name);
    });
    if (scheme == schemes.end()) return std::nullopt;

    auto rest = url.substr(colon + 3);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    bool const bare_ipv6 = !rest.starts_with('[') && std::count(rest.begin(), rest.end(), ':') > 1;
    auto authority = parse_host_port(rest);
    if (bare_ipv6 || !authority || authority->host.empty() || authority->port == 0) return std::nullopt;
    return Origin{std::string(scheme->name), std::move(authority->host),
                  authority->port.value_or(scheme->port)};
}

} // namespace alert40::policy
