#pragma once

#include "policy/fault.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"

#include <vector>

namespace alert40::policy::parse {

/// Reads every [[rule.fault]] of a rule.
std::vector<Fault> faults_value(Node const& node, Context& context);

} // namespace alert40::policy::parse
