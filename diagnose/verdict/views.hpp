#pragma once

#include "diagnose/trial/prober.hpp"

#include <string>
#include <vector>

/// The same handshake from several points of view: a fault may come with the resolver, the address or the
/// exit.
namespace alert40::diagnose {

struct View {
    std::string words; ///< "system, 192.0.2.7, direct"
    Trial trial;
};

struct Seen {
    View view;
    std::vector<Observation> observations;

    unsigned failures() const;
    /// What it comes to, equal where nothing differs: "works (TLS 1.3, ..., h2), certificate CN=... of
    /// CN=..." or the failure.
    std::string summary() const;
};

/// One for each resolver, each address that it gives, and each way (`vias`; empty: that of `base`). At
/// most 24.
std::vector<View> views_of(Prober& prober, Trial const& base, std::vector<policy::Resolver> const& resolvers,
                           std::vector<policy::Via> const& vias);

/// Each of them so many times. Throws OutOfHandshakes.
std::vector<Seen> look_from(Prober& prober, std::vector<View> const& views, unsigned times);

/// A line a view, those that are alike together, and first whether they are. An address that cannot be
/// connected to, where another one on the same way can, differs in nothing: it is told apart.
std::string views_text(std::vector<Seen> const& seen);
/// A JSON object on one line.
std::string views_json(policy::Origin const& target, std::vector<Seen> const& seen);

/// All of them that are within reach see the same, and it works.
bool all_well(std::vector<Seen> const& seen);

} // namespace alert40::diagnose
