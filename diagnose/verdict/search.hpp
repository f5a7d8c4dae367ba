#pragma once

#include "diagnose/trial/prober.hpp"
#include "diagnose/verdict/findings.hpp"

namespace alert40::diagnose {

/// Tries `base`, and where that fails looks for the smallest change that works:
///
///     as an app would -> works ------------------------------> what apps do differently, one thing at a time
///                     \-> fails -> unchanged, twice more -> now and then -> each address, counted
///                                                        \-> always -> the way there -> one change of the
///                                                        handshake
///                                                                   -> all of them, dropped again one by one
///                                                                   -> both once more
///
/// Blocks. Where `prober` runs out of handshakes, or its listener throws OutOfHandshakes, what was seen by
/// then is returned, and `stopped` says so. `resolvers`: asked besides that of `base`.
Findings search(Prober& prober, Trial const& base, std::vector<policy::Resolver> const& resolvers);

} // namespace alert40::diagnose
