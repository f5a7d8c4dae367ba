#pragma once

#include "app/pointing/memory.hpp"
#include "app/proxy_here.hpp"

#include <optional>

namespace alert40::app {

/// What the environment was before it was pointed here.
pointing::Memory memory();

/// The files that let apps trust the authority, brought up to date in the data folder; Java's store only
/// where it is asked for. Nothing: there is no authority, and the proxy needs none. Throws CommandError.
std::optional<pointing::Certificates> certificates_for(ProxyHere const& proxy, bool java);

/// The proxy, and what the environment said before.
pointing::Situation situation_with(pointing::ProxyAddress proxy,
                                   std::optional<pointing::Certificates> certificates);

} // namespace alert40::app
