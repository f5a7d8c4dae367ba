#include "diagnose/verdict/findings.hpp"

#include <algorithm>

namespace alert40::diagnose {

Observation const* Findings::failed() const {
    for (auto const& one : unchanged)
        if (!one.works()) return &one;
    if (!flaps) return nullptr;
    auto const found = std::ranges::find_if(tried, [](auto const& one) { return !one.observation.works(); });
    return found == tried.end() ? nullptr : &found->observation;
}

unsigned Findings::failures() const {
    return static_cast<unsigned>(
        std::ranges::count_if(unchanged, [](auto const& seen) { return !seen.works(); }));
}

Observation const* Findings::alone(std::string_view change) const {
    auto const found = std::ranges::find_if(tried, [&](auto const& one) {
        return one.changes.size() == 1 && one.changes.front().name == change;
    });
    return found == tried.end() ? nullptr : &found->observation;
}

} // namespace alert40::diagnose
