#pragma once

#include "proxy/http1/framing.hpp"
#include "proxy/message/message.hpp"

#include <optional>
#include <string_view>

namespace alert40::proxy::http1 {

/// What has to be known of a request to read its response.
struct ResponseContext {
    bool head_request = false;
    std::string_view upgrade{}; ///< the protocol that was asked for; empty: none
};

/// What a response's head says of its connection, and not of the response.
struct ResponseTerms {
    Framing body;
    bool keep_alive = true;
};

/// Parses one complete head that HeadScanner has found. A malformed or ambiguous one gives the reason (static
/// text); it must not be passed on (RFC 9112 section 6.3). The text is copied into `head.arena`.
std::optional<std::string_view> parse_response_head(std::string_view text, ResponseContext const& context,
                                                    ResponseHead& head, ResponseTerms& terms);

} // namespace alert40::proxy::http1
