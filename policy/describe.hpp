#pragma once

#include "policy/capabilities.hpp"
#include "policy/policy.hpp"

#include <string>

namespace alert40::policy {

/// What a policy means, in plain words: where it listens, and for each rule whom it is for, what it does,
/// what is weak about it and how long it holds. Several lines, the last with its end. No secrets.
std::string describe(Policy const& policy, Capabilities const& capabilities);

} // namespace alert40::policy
