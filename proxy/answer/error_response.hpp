#pragma once

#include "proxy/answer/upstream_error.hpp"
#include "proxy/exchange/exchange.hpp"

namespace alert40::proxy {

/// The answer to a request that cannot be passed on, in the client's own language: a problem document (RFC
/// 9457), a page for a browser, or the error form of Connect, gRPC or gRPC-Web. Each has a Proxy-Status field
/// (RFC 9209). Nothing of the request is in it: no path, query, credentials or cookies. For HEAD,
/// `Exchange::answer` leaves the body out.
LocalResponse error_response(UpstreamError const& error, RequestHead const& request);

} // namespace alert40::proxy
