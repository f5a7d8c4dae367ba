#include "app/engine_capabilities.hpp"

#include "tls/engine/capabilities.hpp"
#include "tls/engine/server_context.hpp"

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

std::optional<std::string> EngineCapabilities::refusal(tls::ServerLimits const& limits) const {
    auto const made = tls::engine::ServerContext::make({}, limits);
    if (made) return std::nullopt;
    return made.error();
}

std::vector<std::string> EngineCapabilities::known_names(std::string_view key) const {
    return tls::engine::known_names(key);
}

} // namespace alert40::app
