#pragma once

#include "proxy/message/limits.hpp"

#include <chrono>
#include <cstddef>

namespace alert40::proxy::http1 {

/// Notices a peer that takes nothing of what waits for it.
class StallWatch {
  public:
    /// Called about once a tick with what waits. True: it has not become less for limits::stalled_output.
    bool stalled(std::size_t unsent, std::chrono::steady_clock::time_point now) {
        if (unsent == 0 || unsent_ == 0 || unsent < unsent_) since_ = now;
        unsent_ = unsent;
        return unsent > 0 && now - since_ >= limits::stalled_output;
    }

  private:
    std::size_t unsent_ = 0;
    std::chrono::steady_clock::time_point since_{};
};

} // namespace alert40::proxy::http1
