#pragma once

#include "app/reproduce/recorded_failure.hpp"
#include "policy/hello_match.hpp"

#include <string>
#include <vector>

namespace alert40::app::reproduce {

/// One thing about a hello that may be why it was refused: a condition of [[rule.fault]].
struct Feature {
    std::string when;  ///< as in a policy: `alpn = "h2"`
    std::string words; ///< "it offers h2"
    policy::HelloMatch match;
    bool proven = false; ///< a hello without it was answered, and none with it
};

/// Which hellos are refused.
struct Trigger {
    std::vector<Feature> features; ///< that may be it, the likeliest first; of a hello that was refused
    bool first_is_likely = false;  ///< the first one is what such a failure is mostly about; or it is proven
    /// How often the very same hello was refused, where it also was answered; 0: it was not.
    std::size_t refused = 0, answered = 0;
};

/// What one record can tell, and what others with the same origin tell against it. Nothing where no hello is
/// on record.
Trigger trigger_of(RecordedFailure const& failed);

} // namespace alert40::app::reproduce
