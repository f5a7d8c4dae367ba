#pragma once

#include "tls/alert.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy::parse {

/// "handshake_failure" or "40".
std::optional<tls::AlertDescription> alert_of(std::string_view text);
/// Every name that `alert_of` knows.
std::vector<std::string> alert_names();

} // namespace alert40::policy::parse
