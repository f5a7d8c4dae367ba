#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace alert40::fuzz {

/// What has to hold for every input; a fuzzer takes the abort for a finding.
inline void demand(bool holds) {
    if (!holds) std::abort();
}

} // namespace alert40::fuzz
