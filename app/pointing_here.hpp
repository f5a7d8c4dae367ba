#pragma once

#include "app/pointing/variables.hpp"
#include "policy/policy.hpp"

#include <optional>

namespace alert40::app {

/// Where the running proxy listens for apps; on `port` where several run. Nothing: none runs. Throws
/// CommandError where it is not clear which, or where it has mapped listeners only.
std::optional<pointing::ProxyAddress> running_proxy(std::optional<std::uint16_t> port);
/// The first proxy listener of the policy, with credentials where it asks for some. Throws CommandError where
/// it has none.
pointing::ProxyAddress proxy_of(policy::Policy const& policy);

/// Whether a rule makes the authority needed.
bool intercepts(policy::Policy const& policy);
/// The files that let apps trust the authority, brought up to date in the data folder; Java's store only
/// where it is asked for. Nothing: there is no authority, and the policy needs none. Throws CommandError.
std::optional<pointing::Certificates> certificates_here(policy::Policy const& policy, bool java);

/// The proxy, and what the environment says by now.
pointing::Situation situation_with(pointing::ProxyAddress proxy,
                                   std::optional<pointing::Certificates> certificates);

} // namespace alert40::app
