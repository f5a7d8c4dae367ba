#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace alert40::net {

class Deadline;
class EventLoop;

/// Something with a socket that the loop watches: level-triggered, so what is not read now is reported again.
class Watched {
  public:
    virtual void on_ready(bool readable, bool writable, bool hung_up) = 0;

  protected:
    virtual ~Watched() = default;
};

/// Something that has output and wants one flush at the end of the turn, however often it was written to.
class Flushable {
  public:
    virtual void flush() = 0;

  protected:
    virtual ~Flushable();

  private:
    friend class EventLoop;
    EventLoop* dirty_in_ = nullptr;
};

/// Something that wants to hear from the coarse clock while it exists.
class Ticking {
  public:
    /// `now` is EventLoop::now(). Called about every `EventLoop::tick`.
    virtual void on_tick(std::chrono::steady_clock::time_point now) = 0;

  protected:
    virtual ~Ticking();

  private:
    friend class EventLoop;
    EventLoop* ticks_in_ = nullptr;
    std::size_t slot_ = 0;
};

/// One thread's loop: an epoll set for its sockets, which need no buffer, no allocation and no timer while
/// they wait; deadlines; a coarse clock; and what other threads post.
///
/// A turn waits once for all of these, delivers what is there, and ends with one flush of everything that was
/// written to. Everything but `post` and `stop` is for the loop's own thread.
///
/// Where many answers are awaited (Awaiting), a turn begins a little later, so that there is more to do in
/// it: a system call for one message costs as much as for ten.
class EventLoop {
  public:
    static constexpr std::chrono::milliseconds tick{250};

    /// Throws std::system_error where the system has no file descriptors left.
    EventLoop();
    ~EventLoop();
    EventLoop(EventLoop const&) = delete;
    EventLoop& operator=(EventLoop const&) = delete;

    /// Turns until `stop`, whose turn is finished. A stop that came before ends it at once, and counts once.
    void run();
    void stop(); ///< from any thread

    /// One turn, which waits that long at most. False: nothing happened.
    bool turn(std::chrono::milliseconds at_most);

    /// Runs `action` on the loop's thread, in a later turn. From any thread.
    void post(std::function<void()> action);

    /// The time at the start of this turn, monotonic.
    std::chrono::steady_clock::time_point now() const { return now_; }

    /// How many exist of Awaiting.
    unsigned awaited() const { return awaited_; }

    // the data path
    void watch(int fd, Watched& watched, bool readable, bool writable);
    void change(int fd, Watched& watched, bool readable, bool writable);
    void unwatch(int fd, Watched& watched);

    /// `flush` is called once before the loop waits again.
    void flush_soon(Flushable& flushable);
    void start_ticks(Ticking& ticking);
    void stop_ticks(Ticking& ticking);

    /// Destroys `object` when nothing of this turn can still refer to it.
    template <typename T>
    void destroy_later(std::unique_ptr<T> object) {
        if (object) graveyard_add(object.release(), [](void* p) { delete static_cast<T*>(p); });
    }

    struct State;

  private:
    friend class Awaiting;
    friend class Deadline;
    friend class Flushable;
    friend class Ticking;
    void schedule(Deadline& deadline);
    void gather() const;
    std::chrono::milliseconds until_next_deadline() const;
    void deliver(int ready);
    bool pass_deadlines();
    void run_posted();
    void call_tickers();
    bool end_turn();
    void flush_all();
    void graveyard_add(void* object, void (*destroy)(void*));
    void forget(Flushable& flushable);

    std::chrono::steady_clock::time_point now_;
    unsigned awaited_ = 0;
    std::unique_ptr<State> state_;
};

/// One answer that is on its way, as far as anybody knows; the loop outlives it.
class Awaiting {
  public:
    explicit Awaiting(EventLoop& loop)
        : loop_(loop) {
        ++loop_.awaited_;
    }

    ~Awaiting() { --loop_.awaited_; }

    Awaiting(Awaiting const&) = delete;
    Awaiting& operator=(Awaiting const&) = delete;

  private:
    EventLoop& loop_;
};

} // namespace alert40::net
