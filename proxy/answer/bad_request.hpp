#pragma once

#include "proxy/exchange/exchange.hpp"

#include <cstdint>
#include <string_view>

namespace alert40::proxy {

/// The answer to a message that cannot be a request for anybody: 400, 408, 413, 414, 417, 421, 426, 431, 501,
/// 505. Short plain text, because nothing is known of the client. `reason`: one line; nothing in it but
/// printable ASCII comes out.
LocalResponse bad_request(std::uint16_t status, std::string_view reason);

} // namespace alert40::proxy
