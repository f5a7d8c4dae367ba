#pragma once

#include "diagnose/verdict/findings.hpp"
#include "record/handshake_record.hpp"

#include <string>
#include <vector>

namespace alert40::diagnose {

/// As the proxy would have recorded it.
record::HandshakeRecord record_of(Findings const& findings, Observation const& observation);

/// "alert 40 handshake_failure received after client_hello".
std::string short_text(tls::Failure const& failure);

/// "TLS 1.3, TLS_AES_128_GCM_SHA256, x25519, h2; HTTP 200".
std::string short_text(Observation const& observation);

/// What was tried and what it came to, a line each: unchanged first, then what mends it, then the rest.
std::vector<std::string> evidence_lines(Findings const& findings);

} // namespace alert40::diagnose
