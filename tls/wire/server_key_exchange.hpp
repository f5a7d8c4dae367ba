#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace alert40::tls::wire {

/// The group of an ECDHE ServerKeyExchange (RFC 8422 section 5.4: a named curve in front), which is where
/// TLS 1.2 and earlier say it. Nothing for anything else; the caller knows from the cipher suite that it is
/// ECDHE.
std::optional<std::uint16_t> ecdhe_group(std::span<std::uint8_t const> body);

} // namespace alert40::tls::wire
