#pragma once

#include "app/exit.hpp"
#include "app/policy_source.hpp"
#include "app/stop_signals.hpp"

#include <functional>
#include <string>
#include <vector>

namespace alert40::app {

/// A process that is a proxy until a signal ends it. Made first: it prepares signals, the limit of open files
/// and the log for all threads.
class ProxyRun {
  public:
    /// Says what is worth saying once it listens on these.
    using Greet = std::function<void(std::vector<std::string> const& listening)>;

    explicit ProxyRun(std::string const& log_level);

    /// `record`: the file of --record; may be empty. A wrong policy is printed. Throws proxy::StartError.
    Exit serve(PolicySource source, std::string const& record, Greet const& greet) const;

  private:
    StopSignals signals_;
};

} // namespace alert40::app
