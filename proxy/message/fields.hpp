#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace alert40::proxy {

/// The fields that the proxy itself acts on; any other one is `other` and only passes.
enum class FieldName : std::uint8_t {
    other,
    connection,
    content_length,
    content_location,
    content_type,
    cookie,
    date,
    expect,
    forwarded,
    host,
    http2_settings,
    keep_alive,
    location,
    accept,
    proxy_authenticate,
    proxy_authorization,
    proxy_connection,
    proxy_status,
    refresh,
    sec_websocket_accept,
    sec_websocket_key,
    sec_websocket_version,
    server,
    set_cookie,
    te,
    trailer,
    transfer_encoding,
    upgrade,
    user_agent,
    via
};

/// Of a token; case-insensitive (RFC 9110 section 5.1).
FieldName classify(std::string_view name);
/// ASCII case-insensitive comparison, as field names and most tokens compare.
bool same_token(std::string_view a, std::string_view b);

/// One field line. The views borrow from the message's arena.
struct Field {
    std::string_view name; ///< as received: HTTP/1.1 keeps the sender's spelling, HTTP/2 is lower-case
    std::string_view value;
    FieldName id = FieldName::other;
    bool never_index = false; ///< RFC 7541 section 7.1.3
};

using Fields = std::vector<Field>;

/// The first field with this name, or null.
Field const* find(Fields const& fields, FieldName id);

/// Calls `visit(token)` for each element of a comma-separated list, without white space and empty elements.
template <typename Visit>
void for_each_token(std::string_view list, Visit visit) {
    while (!list.empty()) {
        auto const comma = list.find(',');
        auto token = list.substr(0, comma);
        while (!token.empty() && (token.front() == ' ' || token.front() == '\t'))
            token.remove_prefix(1);
        while (!token.empty() && (token.back() == ' ' || token.back() == '\t'))
            token.remove_suffix(1);
        if (!token.empty()) visit(token);
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

} // namespace alert40::proxy
