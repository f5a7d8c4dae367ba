#pragma once

#include "policy/fault_action.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/fault/fault_book.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace alert40::proxy {

/// What one exchange suffers on purpose at one point, in one piece: delays are added up, of two speeds the
/// lower one counts, and at most one action ends it.
struct ExchangeSuffering {
    std::chrono::milliseconds delay{0};
    std::optional<std::uint64_t> bytes_per_second{};
    std::optional<policy::FaultAction> end{};
    std::string goes_on{}; ///< what does not end it, for a person: "delay of 2s at request"; or empty

    bool none() const { return !end && goes_on.empty(); }

    /// How far into its body a response ends; nothing: it does not, or in the place of its head.
    std::optional<policy::fault::BodyMark> mark() const;
    /// All of it, for a person.
    std::string words(policy::FaultPoint at) const;

    bool operator==(ExchangeSuffering const&) const = default;
};

struct ExchangePlan {
    ExchangeSuffering request, response;
    std::string rule;
    policy::Origin target; ///< for the records
};

ExchangeSuffering suffering_of(std::optional<Blow> const& blow, policy::FaultPoint at);

/// What the faults of this decision do to this exchange, and counted so; nothing: all is well.
std::optional<ExchangePlan> plan_for(Exchange& exchange, policy::Decision const& decision,
                                     policy::Origin const& target, FaultBook& book);

} // namespace alert40::proxy
