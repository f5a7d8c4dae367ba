#pragma once

#include "tls/handshake.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::diagnose {

/// What is wrong with a chain, leaf first, as far as its certificates say so: validity at `now`, the name,
/// keys and signatures below 112 bits of security, order. A phrase each. `host` is a DNS name or an address.
std::vector<std::string> certificate_flaws(std::vector<tls::CertificateSummary> const& chain,
                                           std::string_view host, std::chrono::system_clock::time_point now);

} // namespace alert40::diagnose
