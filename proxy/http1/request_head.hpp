#pragma once

#include "proxy/http1/framing.hpp"
#include "proxy/message/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::proxy::http1 {

/// Why a request is not taken: the answer it gets, and one line for a person.
struct Refusal {
    std::uint16_t status = 400;
    std::string_view reason; ///< static text

    bool operator==(Refusal const&) const = default;
};

/// What a request's head says of its connection, and not of the request.
struct RequestTerms {
    Framing body;
    bool keep_alive = true;
    std::optional<std::string>
        http2_settings; ///< Upgrade: h2c is offered and acceptable; the decoded SETTINGS payload
};

/// Parses one complete head, empty line included, that HeadScanner has found. Everything that two recipients
/// could read differently is refused (RFC 9112 sections 2.2, 3, 5, 6, 11.2). The text is copied into
/// `head.arena`.
std::optional<Refusal> parse_request_head(std::string_view text, RequestHead& head, RequestTerms& terms);

/// HTTP2-Settings (RFC 7540 section 3.2.1): base64url without padding, whole settings of six bytes.
std::optional<std::string> decode_http2_settings(std::string_view value);

} // namespace alert40::proxy::http1
