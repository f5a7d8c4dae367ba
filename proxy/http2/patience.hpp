#pragma once

#include "proxy/message/limits.hpp"

#include <chrono>

namespace alert40::proxy::http2 {

/// Counts what costs us something and the peer nothing: streams reset (CVE-2023-44487) or made to be reset,
/// PING, SETTINGS, empty frames. A peer that does so much of it in one second is told
/// ENHANCE_YOUR_CALM.
class Patience {
  public:
    using Time = std::chrono::steady_clock::time_point;

    /// One more; false: enough.
    bool tolerates(Time now) {
        if (now - since_ >= std::chrono::seconds{1}) {
            since_ = now;
            nuisances_ = 0;
        }
        return ++nuisances_ <= limits::resets_per_window;
    }

    /// A PING with each bit of data is how a peer measures the path (gRPC does): only PINGs without any
    /// count.
    bool tolerates_ping(Time now) {
        if (worked_) {
            worked_ = false;
            return true;
        }
        return tolerates(now);
    }

    /// Data moved, in either direction.
    void worked() { worked_ = true; }

  private:
    Time since_{};
    unsigned nuisances_ = 0;
    bool worked_ = false;
};

} // namespace alert40::proxy::http2
