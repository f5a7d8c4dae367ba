#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The numbers by which HTTP/2 and RPC say why something ended, with their names.
namespace alert40::policy {

/// RFC 9113 section 7.
inline constexpr std::uint32_t http_1_1_required = 0xd;
/// "CANCEL"; empty for one that has no name.
std::string_view http2_error_name(std::uint32_t code);
/// By its name, or by its number: "0xd", "13".
std::optional<std::uint32_t> http2_error_named(std::string_view text);
std::vector<std::string_view> http2_error_names();

/// https://grpc.io/docs/guides/status-codes/: "UNAVAILABLE"; empty for one that has no name.
std::string_view rpc_code_name(std::uint32_t code);
/// By its name or number, of those that say that a call has failed.
std::optional<std::uint32_t> rpc_code_named(std::string_view text);
std::vector<std::string_view> rpc_code_names();

} // namespace alert40::policy
