#pragma once

#include "app/background_diagnosis.hpp"
#include "app/policy_source.hpp"
#include "app/proxy_here.hpp"
#include "app/sinks.hpp"
#include "app/status_report.hpp"
#include "proxy/proxy.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::app {

/// The proxy with the policy that it runs by: takes a new one when told to, and answers on the control
/// socket. One thread.
class LiveProxy {
  public:
    /// `first`: what `source` loaded. `sinks` outlive it. Throws proxy::StartError.
    LiveProxy(PolicySource source, policy::parse::Parsed first, Sinks& sinks);

    /// Loads the policy again. Where that fails, the old one stays in force, and log and status say why.
    void reload();
    /// One request of the control socket, and its answer (control_request.hpp).
    std::string answer(std::string_view request);

    StatusReport status() const;
    WayIn way_in() const;

    proxy::Proxy& proxy() { return proxy_; }

    PolicySource const& source() const { return source_; }

  private:
    void refuse(std::string const& problem);

    PolicySource source_;
    std::string name_; ///< of the policy in force
    std::shared_ptr<policy::Rulebook const> rulebook_;
    BackgroundDiagnosis diagnosis_;
    proxy::Proxy proxy_;
    Sinks const& sinks_;
    StatusReport::Time started_, loaded_;
    std::optional<std::string> problem_;
};

} // namespace alert40::app
