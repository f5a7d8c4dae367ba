#pragma once

#include "record/handshake_record.hpp"
#include "record/log_style.hpp"

#include <string>

namespace alert40::record {

/// One line for a person, without the line break: when it ended, how, who, address, attempt, profile; what
/// was agreed on or what went wrong; how long; what comes next; what was offered.
///
///     05:14:09.123 ✗ upstream api.example.com:443 (192.0.2.7) #1 modern  alert 40 handshake_failure received
///     after
///         client_hello  12 ms  → retry  offered TLS 1.2-1.3, h2 http/1.1
///     05:14:09.140 ✓ upstream api.example.com:443 (192.0.2.7) #3 http1  TLS 1.3 TLS_AES_128_GCM_SHA256
///     x25519 http/1.1
///         18 ms  offered TLS 1.2-1.3, http/1.1  [rule cursor]
///
/// Nothing that came from the network can act on the terminal.
std::string log_line(HandshakeRecord const& record, LogStyle style);
std::string log_line(ConnectionFailureRecord const& record, LogStyle style);
std::string log_line(LadderRecord const& record, LogStyle style);

} // namespace alert40::record
