#include "policy/http_code.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace alert40::policy {
namespace {

// Each in the order of its numbers.
constexpr std::array<std::string_view, 14> http2_errors{
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
constexpr std::array<std::string_view, 17> rpc_codes{
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

std::optional<std::uint32_t> number(std::string_view text) {
    bool const hex = text.starts_with("0x");
    if (hex) text.remove_prefix(2);
    std::uint32_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::uint32_t> named(std::string_view text, std::span<std::string_view const> names) {
    auto const found = std::ranges::find(names, text);
    if (found == names.end()) return number(text);
    return static_cast<std::uint32_t>(found - names.begin());
}

std::string_view name_in(std::span<std::string_view const> names, std::uint32_t code) {
    return code < names.size() ? names[code] : std::string_view{};
}

} // namespace

std::string_view http2_error_name(std::uint32_t code) {
    return name_in(http2_errors, code);
}

std::optional<std::uint32_t> http2_error_named(std::string_view text) {
    return named(text, http2_errors);
}

std::vector<std::string_view> http2_error_names() {
    return {http2_errors.begin(), http2_errors.end()};
}

std::string_view rpc_code_name(std::uint32_t code) {
    return name_in(rpc_codes, code);
}

std::optional<std::uint32_t> rpc_code_named(std::string_view text) {
    auto const code = named(text, rpc_codes);
    if (!code || *code == 0 || *code >= rpc_codes.size()) return std::nullopt;
    return code;
}

std::vector<std::string_view> rpc_code_names() {
    return {rpc_codes.begin() + 1, rpc_codes.end()};
}

} // namespace alert40::policy
