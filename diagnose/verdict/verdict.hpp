#pragma once

#include "diagnose/verdict/findings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::diagnose {

/// How sure a verdict is.
enum class Confidence : std::uint8_t {
    low,    ///< the evidence fits several causes
    medium, ///< it fits one, but nothing was found that mends it
    high,   ///< two handshakes that differ in one thing show it, or the library that refused says so itself
};

std::string_view name_of(Confidence confidence);

/// What can be done, and by whom.
struct Remedy {
    std::string who;   ///< "alert40", "the app", "curl", "nginx", "the path"
    std::string what;  ///< what can be pasted stands in backticks
    bool weak = false; ///< below BCP 195 (RFC 9325)

    bool operator==(Remedy const&) const = default;
};

/// The cause that the evidence supports, with the evidence and the remedies.
struct Verdict {
    enum class Kind : std::uint8_t {
        healthy,      ///< works, nothing to mend
        noticed,      ///< works, but something is there that makes other apps fail
        fails,        ///< always, and what mends it is known
        unmendable,   ///< always, and nothing on the client's side mends it
        intermittent, ///< now and then, unchanged
        unknown,      ///< the search ended before anything was certain
    };
    Kind kind = Kind::unknown;
    std::vector<std::string> causes =
        {}; ///< "h2-refused": stable, for tools; several where the evidence fits them
    std::string sentence = {};
    Confidence confidence = Confidence::low;
    std::vector<std::string> evidence = {}; ///< a line each
    std::vector<Remedy> remedies = {};      ///< the one that works now first
    std::string policy = {}; ///< TOML that makes `alert40 run` get through; empty: there is none
};

std::string_view name_of(Verdict::Kind kind);

/// Pure. The same findings give the same verdict.
Verdict judge(Findings const& findings);

} // namespace alert40::diagnose
