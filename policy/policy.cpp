#include "policy/policy.hpp"

#include <algorithm>

namespace alert40::policy {
namespace {

template <class Named>
Named const* find_named(std::vector<Named> const& all, std::string_view name) {
    auto const found =
        std::find_if(all.begin(), all.end(), [&](Named const& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

tls::Profile const* Policy::profile(std::string_view name) const {
    return find_named(profiles, name);
}

Ladder const* Policy::ladder(std::string_view name) const {
    return find_named(ladders, name);
}

Policy built_in_policy() {
    Policy policy;
    auto const profiles = tls::built_in_profiles();
    policy.profiles.assign(profiles.begin(), profiles.end());
    policy.ladders = {standard_ladder()};
    return policy;
}

} // namespace alert40::policy
