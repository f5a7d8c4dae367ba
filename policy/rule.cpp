#include "policy/rule.hpp"

#include "policy/origin.hpp"

#include <array>

namespace alert40::policy {

std::string_view name_of(Mode mode) {
    constexpr std::array names = {"watch", "intercept", "block"};
    return names.at(static_cast<std::size_t>(mode));
}

std::string Resolver::text() const {
    if (kind == Kind::system) return "system";
    std::string const server = (kind == Kind::tcp ? "tcp://" : "udp://") + bracketed(address);
    return port == 53 ? server : server + ":" + std::to_string(port);
}

std::string Address::text() const {
    return port == 0 ? bracketed(host) : bracketed(host) + ":" + std::to_string(port);
}

std::string Via::text() const {
    switch (kind) {
    case Kind::environment: return "env";
    case Kind::direct: return "direct";
    case Kind::http_proxy: break;
    }
    return "http://" + bracketed(host) + ":" + std::to_string(port);
}

} // namespace alert40::policy
