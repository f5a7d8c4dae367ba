#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace alert40::tls {

/// The numbers of the wire (RFC 8446 section 4.2.1).
enum class ProtocolVersion : std::uint16_t {
    ssl3 = 0x0300,
    tls1_0 = 0x0301,
    tls1_1 = 0x0302,
    tls1_2 = 0x0303,
    tls1_3 = 0x0304
};

/// "1.0" .. "1.3", "ssl3"; "unknown" for any other number.
std::string_view name_of(ProtocolVersion version);
/// "1.0" .. "1.3".
std::optional<ProtocolVersion> version_named(std::string_view name);

} // namespace alert40::tls
