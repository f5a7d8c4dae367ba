#pragma once

#include "policy/decision.hpp"
#include "proxy/upstream/snapshot.hpp"

#include <memory>
#include <string>
#include <vector>

namespace alert40::proxy {

/// How one origin is reached, as one policy says: everything that a dial needs to know but the attempt. A
/// value.
struct Way {
    policy::Origin origin;
    policy::Decision decision;
    std::shared_ptr<Snapshot const> snapshot; ///< shared with all workers; keeps the profiles alive
    std::vector<ReadyProfile> steps;          ///< one a step of the ladder; empty: plain http
    std::shared_ptr<AppHello const> hello;    ///< of the app, where faults of a dial depend on it; shared
    bool http1_only = false;                  ///< for an upgrade that the origin's HTTP/2 does not carry

    /// Where its ladder ends in failure: not of plain http, nor of the second ladder that an upgrade may
    /// need.
    bool wants_diagnosis() const { return decision.diagnose && !steps.empty() && !http1_only; }

    /// Ways with the same key may share connections.
    std::string connection_key() const;
    /// Ladders with the same key share what they learn: origin, address policy, via and ladder.
    std::string memory_key() const;
};

} // namespace alert40::proxy
