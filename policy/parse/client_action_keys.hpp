#pragma once

#include "policy/fault_action.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"

namespace alert40::policy::parse {

/// Reads the table of `do`, as the client plays it.
FaultAction client_action_value(Node const& node, Context& context);

} // namespace alert40::policy::parse
