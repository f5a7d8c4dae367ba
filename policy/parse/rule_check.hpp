#pragma once

#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "policy/policy.hpp"

namespace alert40::policy::parse {

/// Checks one rule against the rest of the policy: that the names in it exist and may be used there, and
/// warns about keys that cannot act. `node`: its table.
void check_rule(Rule const& rule, Node const& node, Policy const& policy, Context& context);

} // namespace alert40::policy::parse
