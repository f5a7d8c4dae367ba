#pragma once

#include <optional>
#include <string>

namespace alert40::policy::parse {

/// "*", "*.x", or a name or address, as host_matches takes it; nothing for anything else.
std::optional<std::string> host_pattern(std::string const& text);

} // namespace alert40::policy::parse
