#pragma once

#include "policy/fault.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"

namespace alert40::policy::parse {

/// Reads the table of `when`.
FaultCondition fault_condition_value(Node const& node, Context& context);

} // namespace alert40::policy::parse
