#pragma once

#include <string>
#include <string_view>

/// RFC 6455 section 4, for where one side of the proxy speaks it and the other side RFC 8441.
namespace alert40::proxy::http1::websocket {

/// A fresh Sec-WebSocket-Key: 16 random bytes in base64.
std::string make_key();
/// The Sec-WebSocket-Accept that answers `key`.
std::string accept_for(std::string_view key);

} // namespace alert40::proxy::http1::websocket
