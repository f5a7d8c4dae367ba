#pragma once

#include "net/resolver/dns_transport.hpp"
#include "policy/rule.hpp"

#include <memory>

namespace alert40::net {

class EventLoop;

/// Plain DNS (RFC 1035) to a server that is named by its address: over UDP, and TCP when truncated, or over
/// TCP alone.
std::unique_ptr<DnsTransport> make_plain_dns(EventLoop& loop, policy::Resolver const& where);

} // namespace alert40::net
