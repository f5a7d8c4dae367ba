#pragma once

#include "policy/fault_action.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"

#include <string_view>
#include <vector>

namespace alert40::policy::parse {

/// Reads the table of `do`, as the client plays it.
FaultAction client_action_value(Node const& node, Context& context);
/// The keys that it may have.
std::vector<std::string_view> client_action_names();

} // namespace alert40::policy::parse
