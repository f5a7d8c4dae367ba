#pragma once

#include "policy/policy.hpp"

#include <optional>
#include <string_view>

namespace alert40::app {

/// "4040" (on 127.0.0.1), "ADDR:PORT", "[::1]:4040", "localhost:4040". Port 0 lets the system choose. Throws
/// UsageError.
policy::Endpoint parse_listen_address(std::string_view text);
/// "[ADDR:]PORT=URL". Throws UsageError.
policy::Map parse_map(std::string_view text);

/// 127.0.0.0/8 or ::1.
bool is_loopback(policy::Endpoint const& endpoint);
/// The first listener of the policy that others could reach; alert40 asks for no credentials yet, so it takes
/// none.
std::optional<policy::Endpoint> exposed_listener(policy::Policy const& policy);

} // namespace alert40::app
