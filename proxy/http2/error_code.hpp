#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alert40::proxy::http2 {

/// RFC 9113 section 7.
enum class ErrorCode : std::uint32_t {
    no_error,
    protocol_error,
    internal_error,
    flow_control_error,
    settings_timeout,
    stream_closed,
    frame_size_error,
    refused_stream,
    cancel,
    compression_error,
    connect_error,
    enhance_your_calm,
    inadequate_security,
    http_1_1_required
};

/// "HTTP_1_1_REQUIRED (0xd)", for people.
std::string describe(std::uint32_t error_code);

/// The peer refuses HTTP/2 as such, not a request: another protocol may do better.
constexpr bool refuses_http2(std::uint32_t error_code) {
    auto const code = static_cast<ErrorCode>(error_code);
    return code == ErrorCode::http_1_1_required || code == ErrorCode::inadequate_security ||
           code == ErrorCode::protocol_error;
}

/// The peer says that it has not acted on the request (RFC 9113 section 8.7; 0xd is refused before any
/// processing).
constexpr bool leaves_unprocessed(std::uint32_t error_code) {
    auto const code = static_cast<ErrorCode>(error_code);
    return code == ErrorCode::refused_stream || code == ErrorCode::http_1_1_required;
}

} // namespace alert40::proxy::http2
