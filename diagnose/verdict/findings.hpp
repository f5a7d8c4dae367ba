#pragma once

#include "diagnose/probe/bisect.hpp"
#include "diagnose/verdict/change.hpp"
#include "policy/origin.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alert40::diagnose {

/// Changes that were tried together, and what that came to.
struct Tried {
    std::vector<Change> changes;
    Trial trial;
    Observation observation;
};

/// How often the target failed at one of its addresses.
struct AtAddress {
    std::string address;
    unsigned tries = 0;
    unsigned failures = 0;

    bool operator==(AtAddress const&) const = default;
};

/// All that a search has seen of one target.
struct Findings {
    policy::Origin target;
    Trial base;                         ///< as an app would
    std::vector<Observation> unchanged; ///< `base`, each time that it was tried
    std::vector<Tried> tried;           ///< everything else, in order
    std::vector<Change> mends;          ///< the smallest change that works; empty: none is known, or needed
    std::vector<Observation> mended;    ///< with exactly that, each time
    std::vector<AtAddress> addresses;   ///< where it fails now and then, or has several
    std::optional<BisectReport> bisect; ///< of a hello of another client, where that fails
    bool flaps = false;                 ///< one and the same handshake has worked and failed
    std::string stopped;                ///< why the search ended early; empty: it did not

    Observation const& first() const { return unchanged.front(); }

    /// The first that failed, of `unchanged` or else of what was tried; null: none did.
    Observation const* failed() const;
    unsigned failures() const;

    bool intermittent() const { return flaps || (failures() != 0 && failures() != unchanged.size()); }

    /// Tried alone; null: it was not.
    Observation const* alone(std::string_view change) const;
};

} // namespace alert40::diagnose
