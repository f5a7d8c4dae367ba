#include "net/loop/deadline.hpp"

#include "net/loop/event_loop.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace alert40::net {

struct Deadline::Timer {
    explicit Timer(EventLoop& loop)
        : timer(loop.asio()) {}

    boost::asio::steady_timer timer;
    std::function<void()> passed; ///< empty: disarmed
    unsigned wait = 0; ///< which wait counts: a handler that was already queued cannot be taken back
};

void Deadline::arm(std::chrono::steady_clock::duration after, std::function<void()> passed) {
    if (!timer_) timer_ = std::make_shared<Timer>(*loop_);
    timer_->passed = std::move(passed);
    timer_->timer.expires_after(after);
    timer_->timer.async_wait([timer = timer_, wait = ++timer_->wait](boost::system::error_code) {
        if (wait != timer->wait) return;
        if (auto const call = std::exchange(timer->passed, {})) call();
    });
}

void Deadline::disarm() {
    if (!armed()) return;
    timer_->passed = {};
    ++timer_->wait;
    timer_->timer.cancel();
}

bool Deadline::armed() const {
    return timer_ && timer_->passed;
}

} // namespace alert40::net
