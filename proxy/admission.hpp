#pragma once

#include "proxy/exchange/exchange.hpp"

namespace alert40::proxy {

/// Whether the request may use us: its listener wants no credentials, or it shows some of them (Basic, RFC
/// 7617). Compares in time that does not depend on what was shown.
bool is_admitted(RequestHead const& request, Entrance const& entrance);

/// 407 (RFC 9110 section 15.5.8).
LocalResponse proxy_authentication_required();

} // namespace alert40::proxy
