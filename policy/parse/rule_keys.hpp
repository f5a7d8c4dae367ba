#pragma once

#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "policy/rule.hpp"

namespace alert40::policy::parse {

/// Reads the keys of one [[rule]]; whether the names in it exist is asked later.
void read_rule_keys(Node const& table, Rule& rule, Context& context);

} // namespace alert40::policy::parse
