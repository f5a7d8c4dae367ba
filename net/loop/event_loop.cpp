#include "net/loop/event_loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace alert40::net {

namespace asio = boost::asio;

namespace {

constexpr int events_per_turn = 256;

int make_epoll() {
    int const fd = ::epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    return fd;
}

std::uint32_t interest(bool readable, bool writable) {
    // RDHUP belongs to reading: a paused side is not told of an end that it cannot read yet
    return (readable ? EPOLLIN | EPOLLRDHUP : 0u) | (writable ? EPOLLOUT : 0u);
}

} // namespace

struct EventLoop::State {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
    asio::posix::stream_descriptor epoll{context, make_epoll()};
    asio::steady_timer timer{context};
    std::array<epoll_event, events_per_turn> events{};
    int pending = 0; ///< events of this turn
    int current = 0; ///< the one that is being delivered
    std::vector<Flushable*> dirty;
    std::vector<Ticking*> ticking;
    std::vector<std::pair<void*, void (*)(void*)>> graveyard;
    bool in_turn = false; ///< inside a handler that ends the turn itself
    bool turn_posted = false;
    bool timer_running = false;
};

namespace {

/// Delivers what is ready. Level-triggered: one batch a turn, and the rest of the loop has its share in
/// between.
void deliver(EventLoop::State& state) {
    state.pending = ::epoll_wait(state.epoll.native_handle(), state.events.data(), events_per_turn, 0);
    for (state.current = 0; state.current < state.pending; ++state.current) {
        auto const& event = state.events[static_cast<std::size_t>(state.current)];
        auto* const watched = static_cast<Watched*>(event.data.ptr);
        if (!watched) continue; // unwatched earlier in this turn
        watched->on_ready((event.events & (EPOLLIN | EPOLLRDHUP)) != 0, (event.events & EPOLLOUT) != 0,
                          (event.events & (EPOLLHUP | EPOLLERR)) != 0);
    }
    state.pending = 0;
}

} // namespace

EventLoop::EventLoop()
    : now_(std::chrono::steady_clock::now())
    , state_(std::make_unique<State>()) {}

EventLoop::~EventLoop() {
    end_turn();
    for (auto* flushable : state_->dirty)
        flushable->dirty_in_ = nullptr;
    for (auto* ticking : state_->ticking)
        ticking->ticks_in_ = nullptr;
}

asio::io_context& EventLoop::asio() {
    return state_->context;
}

void EventLoop::run() {
    wait();
    state_->context.run();
    end_turn();
}

void EventLoop::stop() {
    state_->context.stop();
}

void EventLoop::post(std::function<void()> action) {
    asio::post(state_->context, [this, action = std::move(action)] { turn(action); });
}

template <typename Action>
void EventLoop::turn(Action const& action) {
    now_ = std::chrono::steady_clock::now();
    state_->in_turn = true;
    action();
    end_turn();
    state_->in_turn = false;
}

void EventLoop::wait() {
    state_->epoll.async_wait(asio::posix::stream_descriptor::wait_read,
                             [this](boost::system::error_code error) {
                                 if (error) return;
                                 turn([this] { deliver(*state_); });
                                 wait();
                             });
}

void EventLoop::watch(int fd, Watched& watched, bool readable, bool writable) {
    epoll_event event{.events = interest(readable, writable), .data = {.ptr = &watched}};
    if (::epoll_ctl(state_->epoll.native_handle(), EPOLL_CTL_ADD, fd, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void EventLoop::change(int fd, Watched& watched, bool readable, bool writable) {
    epoll_event event{.events = interest(readable, writable), .data = {.ptr = &watched}};
    ::epoll_ctl(state_->epoll.native_handle(), EPOLL_CTL_MOD, fd, &event);
}

void EventLoop::unwatch(int fd, Watched& watched) {
    epoll_event event{};
    ::epoll_ctl(state_->epoll.native_handle(), EPOLL_CTL_DEL, fd, &event);
    for (int i = state_->current + 1; i < state_->pending; ++i) {
        auto& later = state_->events[static_cast<std::size_t>(i)];
        if (later.data.ptr == &watched) later.data.ptr = nullptr;
    }
}

void EventLoop::flush_soon(Flushable& flushable) {
    if (flushable.dirty_in_) return;
    flushable.dirty_in_ = this;
    state_->dirty.push_back(&flushable);
    end_turn_soon();
}

void EventLoop::start_ticks(Ticking& ticking) {
    assert(!ticking.ticks_in_);
    ticking.ticks_in_ = this;
    ticking.slot_ = state_->ticking.size();
    state_->ticking.push_back(&ticking);
    if (!state_->timer_running) tick_later();
}

void EventLoop::stop_ticks(Ticking& ticking) {
    if (!ticking.ticks_in_) return;
    auto& all = state_->ticking;
    all[ticking.slot_] = all.back();
    all[ticking.slot_]->slot_ = ticking.slot_;
    all.pop_back();
    ticking.ticks_in_ = nullptr;
}

void EventLoop::tick_later() {
    state_->timer_running = true;
    state_->timer.expires_after(tick);
    state_->timer.async_wait([this](boost::system::error_code error) {
        if (error) return;
        state_->timer_running = false;
        turn([this] {
            // backwards: one that stops its own ticks is replaced by the last, which has had its turn
            for (auto i = state_->ticking.size(); i-- > 0;)
                if (i < state_->ticking.size()) state_->ticking[i]->on_tick(now_);
        });
        if (!state_->ticking.empty() && !state_->timer_running) tick_later();
    });
}

void EventLoop::graveyard_add(void* object, void (*destroy)(void*)) {
    state_->graveyard.emplace_back(object, destroy);
    end_turn_soon();
}

/// For what happens outside the data path (a handler of Asio's own): the end of the turn is a handler too.
void EventLoop::end_turn_soon() {
    if (state_->in_turn || std::exchange(state_->turn_posted, true)) return;
    asio::post(state_->context, [this] {
        state_->turn_posted = false;
        turn([] {});
    });
}

/// A flush may make others dirty, and what is destroyed may have last words: both go on until dry.
void EventLoop::end_turn() {
    do {
        flush_all();
        auto const dead = std::exchange(state_->graveyard, {});
        for (auto const& [object, destroy] : dead)
            destroy(object);
    } while (!state_->dirty.empty() || !state_->graveyard.empty());
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

void EventLoop::forget(Flushable& flushable) {
    std::replace(state_->dirty.begin(), state_->dirty.end(), &flushable, static_cast<Flushable*>(nullptr));
}

Flushable::~Flushable() {
    if (dirty_in_) dirty_in_->forget(*this);
}

Ticking::~Ticking() {
    if (ticks_in_) ticks_in_->stop_ticks(*this);
}

} // namespace alert40::net
