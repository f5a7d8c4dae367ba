#pragma once

#include <csignal>

namespace alert40::app {

/// SIGHUP, SIGINT and SIGTERM as bytes of a descriptor (signalfd), so that none of them interrupts anything.
/// To be made before there are other threads, which inherit that they are blocked.
class StopSignals {
  public:
    /// Throws std::system_error where there is no descriptor left.
    StopSignals();
    ~StopSignals();
    StopSignals(StopSignals const&) = delete;
    StopSignals& operator=(StopSignals const&) = delete;

    /// Readable when one waits; it stays ours.
    int descriptor() const { return descriptor_; }

    /// One that waits, or 0.
    int take() const;

    /// From here on SIGINT and SIGTERM end the process at once, those that wait included; SIGHUP does
    /// nothing.
    void leave_to_system() const;

  private:
    sigset_t set_;
    int descriptor_;
};

} // namespace alert40::app
