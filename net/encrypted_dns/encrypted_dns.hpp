#pragma once

#include "net/resolver/dns_transport.hpp"

#include <memory>

namespace alert40::net {

/// DNS over TLS (RFC 7858, ALPN "dot") and DNS over HTTPS (RFC 8484, by GET over HTTP/2). The server's
/// certificate is checked against its name or address, by the system's trust store. It is dialled directly
/// when a question comes; the connection is kept for the next ones until none has come for a while.
std::unique_ptr<DnsTransport> make_encrypted_dns(EventLoop& loop, Resolver& resolver,
                                                 policy::Resolver const& where);

} // namespace alert40::net
