#include "proxy/http2/error_code.hpp"

#include <array>
#include <charconv>

namespace alert40::proxy::http2 {
namespace {

constexpr std::array<std::string_view, 14> names{
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
};

} // namespace

std::string describe(std::uint32_t error_code) {
    std::array<char, 8> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), error_code, 16).ptr;
    std::string text(error_code < names.size() ? names[error_code] : "unknown code");
    return text.append(" (0x").append(digits.data(), end).append(")");
}

} // namespace alert40::proxy::http2
