#pragma once

#include "proxy/message/fields.hpp"

#include <string_view>

namespace alert40::proxy::http1 {

/// Parses a trailer section with its empty line (RFC 9112 section 7.1.2). The fields borrow from `text`.
/// False: malformed, too many, or one that would change what has been passed on already (RFC 9110
/// section 6.5.1).
bool parse_trailers(std::string_view text, Fields& trailers);

} // namespace alert40::proxy::http1
