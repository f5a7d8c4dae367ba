#pragma once

#include "diagnose/verdict/findings.hpp"

#include <string>

namespace alert40::diagnose {

/// A policy that dials `target` as `trial` does: a profile with what differs from `base`, and a rule for the
/// host. Empty where nothing of it differs. docs/policy.md has its keys.
std::string policy_text(policy::Origin const& target, Trial const& base, Trial const& trial);

} // namespace alert40::diagnose
