#pragma once

#include <functional>

namespace alert40::app {

class FileWatch;
class LiveProxy;
class StopSignals;

/// Until SIGINT or SIGTERM: reloads the policy on SIGHUP, after `hung_up`, and when its file changes, and
/// answers on the control socket. Then lets the proxy finish what is under way; a second signal ends the
/// process at once. `policy_file` has known the file since before it was loaded, so that no change is missed.
/// `ready` is called when signals and the control socket are heeded.
void serve(LiveProxy& live, FileWatch& policy_file, StopSignals const& signals, std::function<void()> hung_up,
           std::function<void()> const& ready);

} // namespace alert40::app
