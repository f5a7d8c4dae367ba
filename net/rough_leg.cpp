#include "net/rough_leg.hpp"

#include <algorithm>

namespace alert40::net {

using Kind = PathFault::Kind;

RoughLeg::RoughLeg(std::vector<PathFault> const& faults, tls::Direction direction) {
    for (auto const& fault : faults)
        if (fault.direction == direction)
            faults_.push_back({fault, fault.behind_hello ? std::nullopt : std::optional(fault.after)});
}

void RoughLeg::hello_left(std::size_t passed_by_then) {
    for (auto& [fault, from] : faults_)
        if (!from) from = passed_by_then + fault.after;
}

std::size_t RoughLeg::may_pass(std::size_t waiting, Time now) {
    if (strikes()) return 0;
    auto most = waiting;
    for (auto const& [fault, from] : faults_)
        if (from && passed_ < *from) most = std::min(most, *from - passed_);
    return slow() ? std::min(most, allowance(now)) : most;
}

void RoughLeg::passed(std::size_t bytes) {
    if (slow()) tokens_ -= static_cast<double>(bytes);
    passed_ += bytes;
}

/// A bucket that holds what a slice has, at least a byte.
std::size_t RoughLeg::allowance(Time now) {
    using Seconds = std::chrono::duration<double>;
    auto const full = std::max(1.0, static_cast<double>(rate()) * Seconds(slice).count());
    auto const filled =
        filled_at_ ? tokens_ + static_cast<double>(rate()) * Seconds(now - *filled_at_).count() : full;
    filled_at_ = now;
    tokens_ = std::min(full, filled);
    return static_cast<std::size_t>(tokens_);
}

/// Of the slowest that is at work; 0: none is.
std::size_t RoughLeg::rate() const {
    std::size_t slowest = 0;
    for (auto const& armed : faults_)
        if (armed.fault.kind == Kind::throttle && due(armed))
            slowest =
                slowest ? std::min(slowest, armed.fault.bytes_per_second) : armed.fault.bytes_per_second;
    return slowest;
}

std::optional<Kind> RoughLeg::strikes() const {
    auto const struck = std::ranges::find_if(
        faults_, [this](Armed const& armed) { return armed.fault.kind != Kind::throttle && due(armed); });
    if (struck == faults_.end()) return std::nullopt;
    return struck->fault.kind;
}

} // namespace alert40::net
