#pragma once

#include "net/ip_endpoint.hpp"
#include "policy/policy.hpp"

#include <span>

namespace alert40::net {

/// Whether connecting to `endpoint` would reach one of our own listeners: its very address, or any address of
/// this machine where the listener takes them all (0.0.0.0, ::).
bool is_own_listener(IpEndpoint const& endpoint, std::span<policy::Endpoint const> listeners);

} // namespace alert40::net
