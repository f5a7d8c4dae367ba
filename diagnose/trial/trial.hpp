#pragma once

#include "diagnose/hello/hello.hpp"
#include "diagnose/visit/visited.hpp"
#include "net/dial.hpp"
#include "policy/rule.hpp"
#include "tls/profile.hpp"

#include <optional>

namespace alert40::diagnose {

/// One handshake to be tried: everything in which two of them may differ. A value.
struct Trial {
    tls::Profile profile;
    policy::Resolver resolver{};
    std::optional<policy::Address> address{};
    policy::Via via{};
    bool fallback_scsv = false;
    bool resumption = false; ///< offers the session that an earlier trial of the same profile left
    bool visits = true;      ///< once the handshake is established, a GET follows

    /// These bytes are sent instead of what the profile would offer, and the server's first flight is read;
    /// no handshake is finished.
    std::optional<Hello> hello = {};

    bool operator==(Trial const&) const = default;
};

/// What a trial came to.
struct Observation {
    unsigned number = 0; ///< counts the handshakes of a diagnosis, from 1
    net::DialReport report;
    std::optional<Visited> visited; ///< of an established handshake

    /// Why it did not work: in the way there, in the handshake, or after it. Null: it works.
    tls::Failure const* failure() const {
        if (report.failure) return &*report.failure;
        return visited && visited->failure ? &*visited->failure : nullptr;
    }

    bool works() const { return failure() == nullptr; }
};

/// The same failure, as far as a person would say so: its kind, its alert and how far it had come.
inline bool fail_alike(tls::Failure const& a, tls::Failure const& b) {
    return a.kind == b.kind && a.phase == b.phase && a.alert == b.alert;
}

/// Nobody refused it: it was cut off or left without an answer, which a path does as well as a server.
inline bool is_cut(tls::Failure const& failure) {
    return failure.kind == tls::FailureKind::reset || failure.kind == tls::FailureKind::eof ||
           failure.kind == tls::FailureKind::timeout;
}

} // namespace alert40::diagnose
