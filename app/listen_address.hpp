#pragma once

#include "policy/policy.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace alert40::app {

/// "4040" (on 127.0.0.1), "ADDR:PORT", "[::1]:4040", "localhost:4040". Port 0 lets the system choose. Throws
/// UsageError.
policy::Endpoint parse_listen_address(std::string_view text);
/// "[ADDR:]PORT=URL", or "[ADDR:]PORT=https:sni" for a TLS listener. Throws UsageError.
policy::Map parse_map(std::string_view text);
/// The same for a listener that speaks TLS, whatever it stands for. Throws UsageError.
policy::Map parse_tls_map(std::string_view text);

/// Why the policy may not listen where it says: an address that others could reach, without credentials to
/// ask them for. Nothing: it may.
std::optional<std::string> why_exposed(policy::Policy const& policy);

} // namespace alert40::app
