#pragma once

#include "diagnose/inventory/inventory.hpp"
#include "diagnose/trial/prober.hpp"

namespace alert40::diagnose {

/// The whole inventory of the prober's target, on the way and with the server name of `base`. Blocks. Where
/// the prober runs out of handshakes, or its listener throws OutOfHandshakes, `stopped` says so.
Inventory take_inventory(Prober& prober, Trial const& base);

} // namespace alert40::diagnose
