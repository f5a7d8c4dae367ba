#pragma once

#include "proxy/exchange/downstream.hpp"

#include <memory>
#include <optional>

namespace alert40::proxy::http2 {

/// Serves HTTP/2 on an app's connection: by prior knowledge or ALPN (the client preface is still to be read),
/// or after an Upgrade, whose request becomes stream 1 and is dispatched before this returns.
std::unique_ptr<Downstream> make_server_connection(DownstreamParts parts,
                                                   std::optional<Http2Upgrade> upgrade = std::nullopt);

} // namespace alert40::proxy::http2
