#pragma once

#include "net/ordeal.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace alert40::net {

/// One direction of a path that fails on purpose: how many bytes may pass, and what happens then. It counts
/// and decides; who asks moves the bytes.
class RoughLeg {
  public:
    using Time = std::chrono::steady_clock::time_point;

    /// How often a slowed leg lets something through.
    static constexpr std::chrono::milliseconds slice{50};

    /// Takes what is of this direction.
    RoughLeg(std::vector<PathFault> const& faults, tls::Direction direction);

    /// Of `waiting` bytes, so many may pass now.
    std::size_t may_pass(std::size_t waiting, Time now);
    void passed(std::size_t bytes);

    /// The ClientHello has left, and this is how many bytes had passed here by then.
    void hello_left(std::size_t passed_by_then);

    /// What strikes now: silence, reset or close.
    std::optional<PathFault::Kind> strikes() const;

    /// It is slow now: bytes that wait may pass in a `slice`.
    bool slow() const { return rate() > 0; }

    std::size_t passed() const { return passed_; }

  private:
    struct Armed {
        PathFault fault;
        std::optional<std::size_t> from; ///< byte of the direction; nothing: the hello has not left yet
    };

    bool due(Armed const& armed) const { return armed.from && passed_ >= *armed.from; }

    std::size_t rate() const;
    std::size_t allowance(Time now);

    std::vector<Armed> faults_;
    std::size_t passed_ = 0;
    double tokens_ = 0;             ///< bytes that a slow leg may let through at once
    std::optional<Time> filled_at_; ///< when they were last filled up
};

} // namespace alert40::net
