#include "net/own_listener.hpp"

#include "net/socket.hpp"

#include <algorithm>

namespace alert40::net {

namespace {

/// Only an address of this machine can be bound.
bool is_of_this_machine(IpEndpoint const& endpoint) {
    if (endpoint.is_loopback()) return true;
    auto const any_port = IpEndpoint::parse(endpoint.address(), 0);
    Socket const probe{::socket(any_port->data()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    return probe.open() && ::bind(probe.fd(), any_port->data(), any_port->size()) == 0;
}

/// Connecting to 0.0.0.0 or :: reaches the loopback address.
IpEndpoint destination(IpEndpoint const& endpoint) {
    if (!endpoint.is_unspecified()) return endpoint.unmapped();
    return *IpEndpoint::parse(endpoint.is_v6() ? "::1" : "127.0.0.1", endpoint.port());
}

} // namespace

bool is_own_listener(IpEndpoint const& endpoint, std::span<policy::Endpoint const> listeners) {
    return std::any_of(listeners.begin(), listeners.end(), [&](policy::Endpoint const& one) {
        if (one.port != endpoint.port()) return false;
        auto const listener = IpEndpoint::parse(one.address, one.port);
        if (!listener) return false;
        auto const to = destination(endpoint);
        if (!listener->is_unspecified()) return listener->same_place(to);
        bool const same_family = listener->is_v6() || !to.is_v6(); // :: takes IPv4 too
        return same_family && is_of_this_machine(to);
    });
}

} // namespace alert40::net
