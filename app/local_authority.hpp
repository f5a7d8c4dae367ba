#pragma once

#include "policy/policy.hpp"
#include "tls/ca/authority.hpp"

#include <memory>

namespace alert40::app {

/// "ca.pem" and "ca.key" in the data folder. Throws CommandError where there is none.
tls::ca::Files own_authority_files();
/// Where the authority of this policy is kept: [authority], else our own.
tls::ca::Files authority_files(policy::Policy const& policy);
/// Of the policy that `alert40 run --config FILE` would take; an empty name is no --config. Throws
/// CommandError where it has an error.
policy::Policy policy_of(std::string const& config);

/// Nothing: there is none yet. Throws CommandError where there is one that cannot be used.
std::shared_ptr<tls::ca::Authority const> find_authority(tls::ca::Files const& files);
/// On first need. Throws CommandError.
std::shared_ptr<tls::ca::Authority const> ensure_authority(tls::ca::Files const& files);

} // namespace alert40::app
