#pragma once

#include "diagnose/explain/words/sign.hpp"

#include <optional>
#include <string_view>

namespace alert40::explain {

/// What was read behind a sign.
struct Reading {
    Subject subject;
    std::optional<Weight> weight = {}; ///< where it differs from the sign's
    std::optional<tls::Phase> phase = {};
    Family family = Family::none; ///< where the form tells

    bool operator==(Reading const&) const = default;
};

/// `rest` is what follows the sign. Nothing where it does not begin with what was expected.
std::optional<Reading> read(Read what, std::string_view rest);

/// A text that is nothing but a code: "0A000410", "-9824", "0x80090326", "40", "handshake_failure".
struct BareCode {
    Reading reading;
    Family family = Family::none;
};

std::optional<BareCode> read_bare(std::string_view text);

} // namespace alert40::explain
