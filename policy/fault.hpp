#pragma once

#include "policy/fault_action.hpp"
#include "policy/hello_match.hpp"
#include "policy/request_match.hpp"
#include "policy/time_window.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace alert40::policy {

/// When it strikes: every condition that is set has to hold. The counters count what the ones above them
/// hold for.
struct FaultCondition {
    std::optional<HelloMatch> hello{};     ///< of the app
    std::optional<RequestMatch> request{}; ///< at `request` and `response`
    /// It came in more TCP segments, as the kernel counts those with data.
    std::optional<std::size_t> segments_over{};
    TimeWindow time{};
    /// Of what matches, this part: 0.1 is one in ten, told by a generator that `seed` starts.
    std::optional<double> chance{};
    std::uint64_t seed = 0;
    std::optional<std::size_t> every{}; ///< the 1st, and each so many after it
    std::optional<std::size_t> times{}; ///< so often, then no more

    bool operator==(FaultCondition const&) const = default;
};

/// One [[rule.fault]]: a failure made on purpose.
struct Fault {
    FaultRole as = FaultRole::origin;
    FaultPoint at = FaultPoint::client_hello;
    FaultCondition when;
    FaultAction action;

    bool operator==(Fault const&) const = default;
};

/// "alert 40 handshake_failure at client_hello"
std::string fault_text(FaultAction const& action, FaultPoint at);

/// One of them is played as the client.
bool plays_client(std::vector<Fault> const& faults);
/// One of them needs what the app says before anybody is dialled.
bool needs_hello(std::vector<Fault> const& faults);

} // namespace alert40::policy
