#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::app::shell {

/// Keeps the signals that end or stop a program for `run_in_foreground`: this thread, and those that it
/// starts from now on, get them no more. To be made before there are other threads.
class ForegroundSignals {
  public:
    ForegroundSignals();
    /// As it was; what came in the meantime is heeded then.
    ~ForegroundSignals();
    ForegroundSignals(ForegroundSignals const&) = delete;
    ForegroundSignals& operator=(ForegroundSignals const&) = delete;
};

/// Runs a program on our own streams with these variables over those that we have, and waits for its end.
/// Signals that somebody sends us are sent on to it; those of the terminal reach it by themselves. Returns
/// its status as a shell counts it: 128 + the signal that ended it, 127 where there is no such program, 126
/// where it cannot be started; the reason is then in `problem`.
int run_in_foreground(std::vector<std::string> const& words,
                      std::vector<std::pair<std::string, std::string>> const& variables,
                      ForegroundSignals const& signals, std::string& problem);

} // namespace alert40::app::shell
