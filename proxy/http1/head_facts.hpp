#pragma once

#include "proxy/message/fields.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace alert40::proxy::http1 {

/// What the fields of one head say of its connection and of its framing, gathered while they are parsed.
struct HeadFacts {
    unsigned hosts = 0;
    std::string_view host;
    unsigned content_lengths = 0;
    std::optional<std::uint64_t> content_length; ///< of the first; absent: malformed, or they differ
    unsigned transfer_encodings = 0;
    std::string_view transfer_encoding;
    unsigned http2_settings_fields = 0;
    std::string_view http2_settings;
    std::string_view proxy_authorization;
    std::string_view upgrade;
    unsigned upgrades = 0;
    bool has_connection_fields = false; ///< strip_connection_fields has something to do
    bool connection_malformed = false;  ///< it is no list of tokens
    bool connection_close = false;
    bool connection_keep_alive = false;
    bool connection_upgrade = false;
    bool connection_http2_settings = false;
    bool te_trailers = false;

    /// Takes note of `field`. False: it is told in other words (Host, Content-Length, Transfer-Encoding) and
    /// not kept.
    bool note(Field const& field);
};

/// 1*DIGIT, and no more of them than always fit (RFC 9110 section 8.6).
std::optional<std::uint64_t> parse_content_length(std::string_view value);

} // namespace alert40::proxy::http1
