#pragma once

#include "proxy/exchange/downstream.hpp"

#include <memory>

namespace alert40::proxy {

/// An app that speaks SOCKS5 (RFC 1928): CONNECT with names (looked up here) and addresses, with and without
/// user name and password (RFC 1929), which are checked where the listener wants credentials.
std::unique_ptr<Downstream> make_socks5_connection(DownstreamParts parts);

} // namespace alert40::proxy
