#pragma once

#include "proxy/exchange/upstream_connection.hpp"

#include <memory>

namespace alert40::proxy::http2 {

/// Speaks HTTP/2 to an origin. Requests can be opened at once; the preface goes out with the first of them,
/// or at the end of the turn.
std::unique_ptr<UpstreamConnection> make_client_connection(std::unique_ptr<net::ByteStream> stream,
                                                           UpstreamHost& host);

} // namespace alert40::proxy::http2
