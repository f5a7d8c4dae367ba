#include "policy/rule.hpp"

#include "policy/origin.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy {

std::string_view name_of(Mode mode) {
    constexpr std::array names = {"watch", "intercept", "block"};
    return names.at(static_cast<std::size_t>(mode));
}

std::uint16_t Resolver::usual_port(Kind kind) {
    if (kind == Kind::tls) return 853;
    return kind == Kind::https ? 443 : 53;
}

std::string Resolver::text() const {
    if (kind == Kind::system) return "system";
    constexpr std::array schemes{"system", "udp", "tcp", "tls", "https"};
    auto server = schemes.at(static_cast<std::size_t>(kind)) + ("://" + bracketed(address));
    if (port != usual_port(kind)) server += ":" + std::to_string(port);
    return server + path;
}

std::string Address::text() const {
    return port == 0 ? bracketed(host) : bracketed(host) + ":" + std::to_string(port);
}

namespace {

/// By Via::Kind.
constexpr std::array<std::string_view, 5> via_names{"env", "direct", "http", "socks5", "socks5h"};

} // namespace

std::optional<Via::Kind> Via::proxy_of_scheme(std::string_view scheme) {
    auto const found = std::ranges::find(via_names, scheme);
    Via via;
    via.kind = static_cast<Kind>(found - via_names.begin());
    return found != via_names.end() && via.is_proxy() ? std::optional(via.kind) : std::nullopt;
}

std::string Via::text() const {
    std::string name{via_names.at(static_cast<std::size_t>(kind))};
    return is_proxy() ? name + "://" + bracketed(host) + ":" + std::to_string(port) : name;
}

} // namespace alert40::policy
