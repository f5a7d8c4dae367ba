#pragma once

#include "tls/failure.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::policy {

/// One entry of a ladder's `on`: which failures move the dial to the next step.
struct Trigger {
    enum class Kind : std::uint8_t { alert, reset, eof, timeout, h2_broken };
    Kind kind = Kind::alert;
    tls::AlertDescription alert{};           ///< for `alert`
    std::optional<tls::Direction> direction; ///< `received:` or `sent:`; either when absent

    bool operator==(Trigger const&) const = default;
    /// Only what happened from the ClientHello on: before it no profile can be at fault. A certificate that
    /// failed verification matches nothing, whatever alert we sent about it.
    bool matches(tls::Failure const& failure) const;
    std::string text() const; ///< "alert:40", "received:alert:40", "h2-broken"
};

/// What a ladder does about TLS_FALLBACK_SCSV (RFC 7507).
enum class Scsv : std::uint8_t { probe, strict, off };

std::string_view name_of(Scsv scsv);

struct Timeouts {
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds handshake{8'000};
    std::chrono::milliseconds total{25'000}; ///< the whole ladder

    bool operator==(Timeouts const&) const = default;
};

/// An ordered list of profiles, what moves a dial to the next one, and how long the outcome is remembered.
/// `profile = "x"` in a rule is a ladder of one step without retry.
struct Ladder {
    std::string name;
    unsigned retry = 1;             ///< the first profile this many times more, without resumption
    std::vector<std::string> steps; ///< names of profiles
    std::vector<Trigger> on;
    Scsv scsv = Scsv::probe;
    std::chrono::milliseconds remember{600'000};
    Timeouts timeouts;
    std::vector<std::size_t> weak_steps; ///< indices of steps below the floor; the parser knows them

    bool operator==(Ladder const&) const = default;
};

/// The built-in `standard`.
Ladder const& standard_ladder();

} // namespace alert40::policy
