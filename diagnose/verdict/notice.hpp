#pragma once

#include "diagnose/verdict/verdict.hpp"

#include <optional>
#include <string>
#include <vector>

/// What is told without a change that mends it.
namespace alert40::diagnose {

/// Something at a target that works, of which other apps fail.
struct Notice {
    std::string cause;
    std::string sentence;
};

std::vector<Notice> notices_of(Findings const& findings);

/// Where another way there mends it. Empty: `change` is none of the way.
Notice cause_of_way(Change const& change, Observation const& failed);

/// Where everything that was tried leaves one explanation, or several.
struct KnownEnd {
    std::vector<std::string> causes;
    std::string sentence;
    bool certain = false;
};

std::optional<KnownEnd> known_end(Findings const& findings, Observation const& failed);

} // namespace alert40::diagnose
