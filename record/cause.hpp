#pragma once

#include "record/evidence.hpp"

#include <string_view>

/// One row of the cause table: when it fits, what it says.
namespace alert40::record {

/// When a row fits. An empty set fits anything.
struct Signature {
    Set<tls::FailureKind> kinds;
    Set<tls::AlertDescription> alerts = {};
    Set<tls::Phase> phases = {};
    Set<Fact> needs = {};
    Set<Fact> excludes = {};
    tls::Direction direction =
        tls::Direction::received; ///< of the alert; of a watched handshake, who ended it
    Set<Role> roles = {Role::dialled, Role::watched};

    constexpr bool fits(Evidence const& evidence) const {
        auto const& failure = evidence.failure;
        if (!roles.has(evidence.role) || !kinds.has(failure.kind)) return false;
        if (!phases.empty() && !phases.has(failure.phase)) return false;
        if (!alerts.empty() && (!failure.alert || !alerts.has(failure.alert->description))) return false;
        if (directed(evidence) && evidence.direction != direction) return false;
        return evidence.facts.includes(needs) && !evidence.facts.meets(excludes);
    }

  private:
    constexpr bool directed(Evidence const& evidence) const {
        return !alerts.empty() || evidence.role == Role::watched;
    }
};

/// How `Cause::client` comes to work.
enum class Mends : std::uint8_t {
    offer,   ///< by a change of what is offered: alert40 has to be the one who dials
    ladder,  ///< the same, and the steps of the standard ladder find it by themselves
    command, ///< by the command in it, which makes alert40 the one who dials
    path,    ///< by a change of the way there: for a watched handshake too
    trust,   ///< by the app's trust in who signed the certificate; the words depend on the app
};

struct Cause {
    std::string_view name;
    Signature when;
    std::string_view likely; ///< completes "Likely: "; here and below with the blanks of worded.hpp
    /// The smallest change on this side; may be empty. What can be pasted, a command or a piece of a policy,
    /// stands in backticks.
    std::string_view client;
    Mends mends = Mends::offer;
    std::string_view app = {};        ///< a change in a watched app itself; may be empty
    std::string_view server = {};     ///< the fix at its root; may be empty
    std::string_view joint = "; or "; ///< how it follows the row before
};

} // namespace alert40::record
