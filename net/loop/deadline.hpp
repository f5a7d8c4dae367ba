#pragma once

#include <boost/intrusive/set_hook.hpp>

#include <chrono>
#include <functional>

namespace alert40::net {

class EventLoop;

/// A moment after which something is called, once, in a turn of the loop, unless it is disarmed, armed anew
/// or destroyed before. To the millisecond. For the loop's thread. Costs a place in the loop while it is
/// armed.
class Deadline {
  public:
    explicit Deadline(EventLoop& loop)
        : loop_(&loop) {}

    Deadline(Deadline const&) = delete;
    Deadline& operator=(Deadline const&) = delete;

    void arm(std::chrono::steady_clock::duration after, std::function<void()> passed);
    void disarm();

    bool armed() const { return place_.is_linked(); }

  private:
    friend class EventLoop;
    using Place =
        boost::intrusive::set_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

    EventLoop* loop_;
    Place place_; ///< among the loop's deadlines; left by destruction
    std::chrono::steady_clock::time_point when_;
    std::function<void()> passed_;
};

} // namespace alert40::net
