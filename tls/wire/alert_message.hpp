#pragma once

#include "tls/alert.hpp"
#include "tls/wire/malformed.hpp"

namespace alert40::tls::wire {

/// Parses the fragment of an alert record that is not encrypted: two bytes (RFC 8446 section 6). An encrypted
/// one is longer, and malformed here.
Result<Alert> parse_alert(Bytes fragment, Direction direction);

} // namespace alert40::tls::wire
