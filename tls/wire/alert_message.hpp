#pragma once

#include "tls/alert.hpp"
#include "tls/wire/malformed.hpp"

#include <array>
#include <cstdint>

namespace alert40::tls::wire {

/// Parses the fragment of an alert record that is not encrypted: two bytes (RFC 8446 section 6). An encrypted
/// one is longer, and malformed here.
Result<Alert> parse_alert(Bytes fragment, Direction direction);

/// A record with an alert that is not encrypted, as any version of TLS reads it before its own are
/// agreed on.
std::array<std::uint8_t, 7> alert_record(AlertLevel level, AlertDescription description);
std::array<std::uint8_t, 7> fatal_alert_record(AlertDescription description);

} // namespace alert40::tls::wire
