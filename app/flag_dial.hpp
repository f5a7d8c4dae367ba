#pragma once

#include "app/run_flags.hpp"
#include "policy/capabilities.hpp"
#include "policy/policy.hpp"

#include <string>
#include <vector>

namespace alert40::app {

/// True with --profile, --ladder, --tls-max, --tlsv1.N, --ciphers or --cacert.
bool names_a_dial(RunFlags const& flags);

/// Sets the profile or ladder of `rule` to what these flags say. TLS flags make copies of the profiles that
/// it uses; the originals stay as they were for every other rule. Returns a warning for each weak profile.
/// Throws UsageError for unknown names, for what cannot be done, and for what is weak where no --host says
/// for whom.
std::vector<std::string> set_dial(policy::Policy& policy, policy::Rule& rule, RunFlags const& flags,
                                  policy::Capabilities const& capabilities);

} // namespace alert40::app
