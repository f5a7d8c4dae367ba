#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace alert40::net {

class EventLoop;

/// A moment after which something is called, in a turn of its own, unless it is disarmed, armed anew or
/// destroyed before. For the loop's thread. Costs nothing until it is armed.
class Deadline {
  public:
    explicit Deadline(EventLoop& loop)
        : loop_(&loop) {}

    ~Deadline() { disarm(); }

    Deadline(Deadline const&) = delete;
    Deadline& operator=(Deadline const&) = delete;

    void arm(std::chrono::steady_clock::duration after, std::function<void()> passed);
    void disarm();
    bool armed() const;

  private:
    struct Timer;
    EventLoop* loop_;
    std::shared_ptr<Timer> timer_; ///< shared with the wait that is under way
};

} // namespace alert40::net
