#pragma once

#include "proxy/message/fields.hpp"

#include <cstdint>
#include <optional>

/// Answers by which the server, or what stands before it, says that it is in trouble, rather than that it
/// does not want what was asked.
namespace alert40::proxy {

/// 5xx, 421 (the wrong server for this name), 429 (too many requests).
bool tells_of_trouble(std::uint16_t status);

/// The grpc-status of such trailers: UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE,
/// DATA_LOSS.
std::optional<std::uint32_t> grpc_trouble(Fields const& trailers);

/// The content type of these is gRPC's own, whose calls end with a grpc-status; gRPC-Web has it in the body.
bool speaks_grpc(Fields const& fields);

} // namespace alert40::proxy
