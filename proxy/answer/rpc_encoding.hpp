#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alert40::proxy {

/// One envelope of Connect streams and gRPC-Web: flags, the length in four bytes, the message.
std::string envelope(std::uint8_t flags, std::string_view message);
/// grpc-message: every byte but printable ASCII, and the percent sign itself, as %XX.
std::string percent_encoded(std::string_view text);

} // namespace alert40::proxy
