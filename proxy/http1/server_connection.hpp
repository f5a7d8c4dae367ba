#pragma once

#include "proxy/exchange/downstream.hpp"

#include <memory>

namespace alert40::proxy::http1 {

/// Serves HTTP/1.1 and HTTP/1.0 on an app's connection, whose first bytes are still to be read.
std::unique_ptr<Downstream> make_server_connection(DownstreamParts parts);

} // namespace alert40::proxy::http1
