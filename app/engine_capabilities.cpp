#include "app/engine_capabilities.hpp"

#include "tls/engine/capabilities.hpp"

namespace alert40::app {

std::vector<policy::Incapable> EngineCapabilities::incapable(tls::Profile const& profile) const {
    std::vector<policy::Incapable> all;
    for (auto& one : tls::engine::incapabilities(profile))
        all.push_back({std::move(one.key), one.index, std::move(one.reason)});
    return all;
}

std::vector<std::string> EngineCapabilities::weaknesses(tls::Profile const& profile) const {
    return tls::engine::weaknesses(profile);
}

std::vector<std::string> EngineCapabilities::known_names(std::string_view key) const {
    return tls::engine::known_names(key);
}

} // namespace alert40::app
