#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alert40::app {

/// What `alert40 run` says on stderr when it is ready: where it listens, by which policy, and one command to
/// try. `listening`: as proxy::Proxy says it. `colour`: ANSI escapes.
std::string greeting(std::vector<std::string> const& listening, std::string_view policy, bool colour);

} // namespace alert40::app
