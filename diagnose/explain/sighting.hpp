#pragma once

#include "diagnose/explain/words/sign.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace alert40::explain {

/// What one line says of a failure.
struct Sighting {
    Subject subject;
    Weight weight = Weight::plain;
    std::optional<tls::Direction> direction =
        {}; ///< of an alert, seen from who wrote the message; nothing where the words do not say
    Family library = Family::none;
    Family program = Family::none; ///< around the library
    Side side = Side::unknown;     ///< on which the message was written
    std::optional<tls::Phase> phase = {};
    std::string host = {};     ///< the peer's, where the message names one
    bool in_handshake = false; ///< other words say that it was the handshake that failed
    std::size_t at = 0;        ///< where in the line the words for it begin

    bool operator==(Sighting const&) const = default;
};

/// Takes from `other`, which speaks of the same failure, what `one` does not know.
void complete(Sighting& one, Sighting const& other);

} // namespace alert40::explain
