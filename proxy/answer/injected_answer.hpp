#pragma once

#include "proxy/exchange/exchange.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace alert40::proxy {

/// Answers that a rule makes on purpose, in the place of the origin's. Each says so, in its message and in a
/// Proxy-Status field (RFC 9209) without an error: nothing went wrong here.

LocalResponse injected_status(std::uint16_t status, std::optional<std::chrono::seconds> retry_after,
                              std::string_view rule);

/// A call that failed with this code, in the language of the request: gRPC, gRPC-Web or Connect.
LocalResponse injected_rpc(RequestHead const& request, std::uint32_t code, std::string_view rule);

} // namespace alert40::proxy
