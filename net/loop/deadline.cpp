#include "net/loop/deadline.hpp"

#include "net/loop/event_loop.hpp"

#include <utility>

namespace alert40::net {

void Deadline::arm(std::chrono::steady_clock::duration after, std::function<void()> passed) {
    place_.unlink();
    when_ = std::chrono::steady_clock::now() + after;
    passed_ = std::move(passed);
    loop_->schedule(*this);
}

void Deadline::disarm() {
    place_.unlink();
    passed_ = {};
}

} // namespace alert40::net
