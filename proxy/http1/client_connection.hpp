#pragma once

#include "proxy/exchange/upstream_connection.hpp"

#include <memory>

namespace alert40::proxy::http1 {

/// Speaks HTTP/1.1 to an origin, one request at a time.
std::unique_ptr<UpstreamConnection> make_client_connection(std::unique_ptr<net::ByteStream> stream,
                                                           UpstreamHost& host);

} // namespace alert40::proxy::http1
