#include "net/loop/event_loop.hpp"

#include "net/loop/deadline.hpp"

#include <boost/intrusive/set.hpp>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <ctime>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace alert40::net {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int events_per_turn = 256;
constexpr milliseconds long_enough{std::chrono::hours{1}}; // to wait with nothing to wait for

/// From turn to turn, for each answer that is awaited. A request and its answer take two turns, and no thread
/// does them in twice this time: so the pause is never what limits it.
constexpr microseconds share{2};
constexpr microseconds longest_pause{400};
constexpr microseconds worth_sleeping{20}; // a sleep costs several

std::uint32_t interest(bool readable, bool writable) {
    // RDHUP belongs to reading: a paused side is not told of an end that it cannot read yet
    return (readable ? EPOLLIN | EPOLLRDHUP : 0u) | (writable ? EPOLLOUT : 0u);
}

/// Owns a descriptor of the kernel's own making.
class Descriptor {
  public:
    Descriptor(int fd, char const* maker)
        : fd_(fd) {
        if (fd < 0) throw std::system_error(errno, std::generic_category(), maker);
    }

    ~Descriptor() { ::close(fd_); }

    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    operator int() const { return fd_; }

  private:
    int fd_;
};

/// What other threads leave for the loop, and the event that wakes it.
class Mailbox final : public Watched {
  public:
    int fd() const { return event_; }

    /// From any thread.
    void post(std::function<void()> action) {
        {
            std::lock_guard const guard(mutex_);
            actions_.push_back(std::move(action));
        }
        wake();
    }

    /// From any thread.
    void wake() const { ::eventfd_write(event_, 1); }

    void on_ready(bool, bool, bool) override {
        eventfd_t count = 0;
        ::eventfd_read(event_, &count);
        rung_ = true;
    }

    /// Everything since the last time, in order.
    std::vector<std::function<void()>> take() {
        if (!std::exchange(rung_, false)) return {};
        std::lock_guard const guard(mutex_);
        return std::exchange(actions_, {});
    }

  private:
    Descriptor event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"};
    bool rung_ = false;
    std::mutex mutex_;
    std::vector<std::function<void()>> actions_;
};

} // namespace

struct EventLoop::State {
    explicit State(EventLoop& loop)
        : next_tick(loop) {}

    struct Sooner {
        bool operator()(Deadline const& a, Deadline const& b) const { return a.when_ < b.when_; }
    };

    using Deadlines = boost::intrusive::multiset<
        Deadline, boost::intrusive::member_hook<Deadline, Deadline::Place, &Deadline::place_>,
        boost::intrusive::compare<Sooner>, boost::intrusive::constant_time_size<false>>;

    Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"};
    std::atomic<bool> stopping = false;
    Deadlines deadlines;
    Deadline next_tick;
    std::array<epoll_event, events_per_turn> events{};
    int pending = 0; ///< events of this turn
    int current = 0; ///< the one that is being delivered
    std::vector<Flushable*> dirty;
    std::vector<Ticking*> ticking;
    std::vector<std::pair<void*, void (*)(void*)>> graveyard;
    Mailbox mailbox; // last: what it still holds may refer to all of the above as it goes
};

EventLoop::EventLoop()
    : now_(std::chrono::steady_clock::now())
    , state_(std::make_unique<State>(*this)) {
    watch(state_->mailbox.fd(), state_->mailbox, true, false);
}

EventLoop::~EventLoop() {
    end_turn();
    for (auto* flushable : state_->dirty)
        flushable->dirty_in_ = nullptr;
    for (auto* ticking : state_->ticking)
        ticking->ticks_in_ = nullptr;
    state_->deadlines.clear();
}

// ---- turns

void EventLoop::run() {
    ::prctl(PR_SET_TIMERSLACK, std::chrono::nanoseconds{worth_sleeping}.count() / 4); // for gather
    while (!state_->stopping.exchange(false))
        turn(long_enough);
}

void EventLoop::stop() {
    state_->stopping = true;
    state_->mailbox.wake();
}

/// Level-triggered, one batch of events a turn: the rest of the loop has its share in between.
bool EventLoop::turn(milliseconds at_most) {
    bool moved = end_turn(); // of what happened outside
    if (!moved && at_most.count() > 0) gather();
    auto const patience = moved ? milliseconds{0} : std::min(at_most, until_next_deadline());
    int const ready = ::epoll_wait(state_->epoll, state_->events.data(), events_per_turn,
                                   static_cast<int>(patience.count()));
    now_ = std::chrono::steady_clock::now();
    deliver(ready);
    moved |= end_turn() || ready > 0;
    moved |= pass_deadlines();
    run_posted();
    return moved;
}

/// What comes meanwhile is delivered together. Not for a few: a client that asks one thing after the other
/// would wait for nothing.
void EventLoop::gather() const {
    auto const pause = std::min(awaited_ * share, longest_pause);
    if (pause < worth_sleeping) return;
    auto const left = std::chrono::nanoseconds{now_ + pause - std::chrono::steady_clock::now()};
    if (left < worth_sleeping) return;
    timespec const time{.tv_sec = 0, .tv_nsec = left.count()};
    ::nanosleep(&time, nullptr);
}

milliseconds EventLoop::until_next_deadline() const {
    if (state_->deadlines.empty()) return long_enough;
    auto const left = state_->deadlines.begin()->when_ - std::chrono::steady_clock::now();
    return std::clamp(std::chrono::ceil<milliseconds>(left), milliseconds{0}, long_enough);
}

void EventLoop::deliver(int ready) {
    state_->pending = ready;
    for (state_->current = 0; state_->current < state_->pending; ++state_->current) {
        auto const& event = state_->events[static_cast<std::size_t>(state_->current)];
        auto* const watched = static_cast<Watched*>(event.data.ptr);
        if (!watched) continue; // unwatched earlier in this turn
        watched->on_ready((event.events & (EPOLLIN | EPOLLRDHUP)) != 0, (event.events & EPOLLOUT) != 0,
                          (event.events & (EPOLLHUP | EPOLLERR)) != 0);
    }
    state_->pending = 0;
}

/// Those that were due when the turn began; one that is armed meanwhile has its own time.
bool EventLoop::pass_deadlines() {
    bool passed = false;
    auto& all = state_->deadlines;
    while (!all.empty() && all.begin()->when_ <= now_) {
        auto& due = *all.begin();
        due.place_.unlink();
        auto const call = std::exchange(due.passed_, {}); // which may destroy the deadline
        call();
        end_turn();
        passed = true;
    }
    return passed;
}

void EventLoop::run_posted() {
    for (auto const& action : state_->mailbox.take()) {
        action();
        end_turn();
    }
}

/// A flush may make others dirty, and what is destroyed may have last words: both go on until dry. False:
/// there was nothing to do.
bool EventLoop::end_turn() {
    if (state_->dirty.empty() && state_->graveyard.empty()) return false;
    do {
        flush_all();
        auto const dead = std::exchange(state_->graveyard, {});
        for (auto const& [object, destroy] : dead)
            destroy(object);
    } while (!state_->dirty.empty() || !state_->graveyard.empty());
    return true;
}

void EventLoop::flush_all() {
    for (std::size_t i = 0; i < state_->dirty.size(); ++i) {
        auto* const flushable = state_->dirty[i];
        if (!flushable) continue;
        flushable->dirty_in_ = nullptr;
        flushable->flush();
    }
    state_->dirty.clear();
}

void EventLoop::post(std::function<void()> action) {
    state_->mailbox.post(std::move(action));
}

// ---- who takes part

void EventLoop::watch(int fd, Watched& watched, bool readable, bool writable) {
    epoll_event event{.events = interest(readable, writable), .data = {.ptr = &watched}};
    if (::epoll_ctl(state_->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void EventLoop::change(int fd, Watched& watched, bool readable, bool writable) {
    epoll_event event{.events = interest(readable, writable), .data = {.ptr = &watched}};
    ::epoll_ctl(state_->epoll, EPOLL_CTL_MOD, fd, &event);
}

void EventLoop::unwatch(int fd, Watched& watched) {
    epoll_event event{};
    ::epoll_ctl(state_->epoll, EPOLL_CTL_DEL, fd, &event);
    for (int i = state_->current + 1; i < state_->pending; ++i) {
        auto& later = state_->events[static_cast<std::size_t>(i)];
        if (later.data.ptr == &watched) later.data.ptr = nullptr;
    }
}

void EventLoop::flush_soon(Flushable& flushable) {
    if (flushable.dirty_in_) return;
    flushable.dirty_in_ = this;
    state_->dirty.push_back(&flushable);
}

void EventLoop::forget(Flushable& flushable) {
    std::replace(state_->dirty.begin(), state_->dirty.end(), &flushable, static_cast<Flushable*>(nullptr));
}

void EventLoop::graveyard_add(void* object, void (*destroy)(void*)) {
    state_->graveyard.emplace_back(object, destroy);
}

void EventLoop::schedule(Deadline& deadline) {
    state_->deadlines.insert(deadline);
}

void EventLoop::start_ticks(Ticking& ticking) {
    assert(!ticking.ticks_in_);
    ticking.ticks_in_ = this;
    ticking.slot_ = state_->ticking.size();
    state_->ticking.push_back(&ticking);
    if (!state_->next_tick.armed()) state_->next_tick.arm(tick, [this] { call_tickers(); });
}

void EventLoop::stop_ticks(Ticking& ticking) {
    if (!ticking.ticks_in_) return;
    auto& all = state_->ticking;
    all[ticking.slot_] = all.back();
    all[ticking.slot_]->slot_ = ticking.slot_;
    all.pop_back();
    ticking.ticks_in_ = nullptr;
}

void EventLoop::call_tickers() {
    // backwards: one that stops its own ticks is replaced by the last, which has had its turn
    for (auto i = state_->ticking.size(); i-- > 0;)
        if (i < state_->ticking.size()) state_->ticking[i]->on_tick(now_);
    if (!state_->ticking.empty()) state_->next_tick.arm(tick, [this] { call_tickers(); });
}

Flushable::~Flushable() {
    if (dirty_in_) dirty_in_->forget(*this);
}

Ticking::~Ticking() {
    if (ticks_in_) ticks_in_->stop_ticks(*this);
}

} // namespace alert40::net
