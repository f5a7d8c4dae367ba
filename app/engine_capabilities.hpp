#pragma once

#include "policy/capabilities.hpp"

namespace alert40::app {

/// What tls/engine can do, as policy/ asks for it.
class EngineCapabilities final : public policy::Capabilities {
  public:
    std::vector<policy::Incapable> incapable(tls::Profile const& profile) const override;
    std::vector<std::string> weaknesses(tls::Profile const& profile) const override;
    std::optional<std::string> refusal(tls::ServerLimits const& limits) const override;
    std::vector<std::string> known_names(std::string_view key) const override;
};

} // namespace alert40::app
