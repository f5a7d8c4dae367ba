#pragma once

#include "policy/fault_action.hpp"
#include "tls/version.hpp"

#include <string>

namespace alert40::policy {

/// Why no alert of this level can be sent there to who offers at most `highest`, in one line; empty: it can.
std::string why_not(fault::Alert const& alert, FaultPoint at, tls::ProtocolVersion highest);

} // namespace alert40::policy
