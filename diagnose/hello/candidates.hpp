#pragma once

#include "diagnose/hello/hello_bisect.hpp"

#include <string_view>
#include <vector>

namespace alert40::diagnose {

/// Hellos that may work where this one fails, the ones that are most like it first: itself without what a
/// hello need not have, plain ones from strong to weak, what real clients say. `host`, for those that name
/// one, is the target's; empty where that is an address.
std::vector<Candidate> candidates_for(Hello const& failing, std::string_view host);

/// The same hello without ALPN, tickets, post-quantum key shares, GREASE, padding and whatever else a
/// handshake can do without.
Hello bare(Hello hello);

} // namespace alert40::diagnose
