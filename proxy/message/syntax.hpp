#pragma once

#include <cstddef>
#include <string_view>

/// What the parts of a message may be made of, the same for every version of HTTP.
namespace alert40::proxy {

/// RFC 9110 section 5.6.2: one or more token characters. Methods and field names are tokens.
bool valid_token(std::string_view text);

inline bool valid_method(std::string_view method) {
    return method.size() <= 64 && valid_token(method);
}

/// How many characters at the front of `text` could be a token.
std::size_t token_size(std::string_view text);

/// The same of the text of a field value or reason: no NUL, CR, LF or other control but HTAB (RFC 9110
/// section 5.5).
std::size_t text_size(std::string_view text);

constexpr bool is_white_space(char c) {
    return c == ' ' || c == '\t';
}

/// Upper case too: HTTP/2 forbids it (RFC 9113 section 8.2.1), and checks that itself.
inline bool valid_field_name(std::string_view name) {
    return valid_token(name);
}

/// Text without white space at either end.
bool valid_field_value(std::string_view value);
/// host [ ":" port ] without user information (RFC 3986 section 3.2, RFC 9110 section 7.2); the host is not
/// empty.
bool valid_authority(std::string_view authority);
/// The same with a port that is there, as CONNECT wants it (RFC 9110 section 9.3.6).
bool valid_connect_authority(std::string_view authority);
/// "/..." with query; no white space, no control and no "#". Bytes outside ASCII pass: clients do send them.
bool valid_path(std::string_view path);

} // namespace alert40::proxy
