#pragma once

#include "net/resolver/dns_transport.hpp"

namespace alert40::net {

/// `status` is one of c-ares.
DnsFailure dns_failure(int status);

/// Of an answer, so much is taken.
inline constexpr std::size_t most_dns_addresses = 64;

} // namespace alert40::net
