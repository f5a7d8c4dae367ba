#pragma once

#include "tls/handshake.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace alert40::tls::engine {

/// Certificates as they pass on the wire, DER, leaf first. What is no certificate has an empty summary, so
/// that the others keep their places; at most `max_described_certificates`.
std::vector<CertificateSummary> summarize_der(std::span<std::span<std::uint8_t const> const> chain);

} // namespace alert40::tls::engine
