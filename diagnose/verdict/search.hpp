#pragma once

#include "diagnose/trial/prober.hpp"
#include "diagnose/verdict/findings.hpp"

namespace alert40::diagnose {

/// What can be tried besides, where whoever asks has it.
struct Means {
    std::vector<policy::Resolver> resolvers{};                     ///< besides that of the base
    std::optional<tls::ClientCertificate> client_certificate = {}; ///< offered once it was asked for in vain
};

/// Tries `base`, and where that fails looks for the smallest change that works:
///
///     as an app would -> works ------------------------------> what apps do differently, one thing at a time
///                     \-> fails -> unchanged, twice more -> now and then -> each address, counted
///                                                        \-> always -> a client certificate, where one is
///                                                        wanted
///                                                                   -> the way there -> one change of the
///                                                        handshake
///                                                                   -> all of them, dropped again one by one
///                                                                   -> both once more
///
/// Blocks. Where `prober` runs out of handshakes, or its listener throws OutOfHandshakes, what was seen by
/// then is returned, and `stopped` says so.
Findings search(Prober& prober, Trial const& base, Means const& means = {});

} // namespace alert40::diagnose
