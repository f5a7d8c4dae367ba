#pragma once

#include "net/loop/event_loop.hpp"

namespace alert40::net {

/// A socket's place in the loop: taken with the first `on`, left with `off` or destruction, before the socket
/// closes.
class SocketWatch {
  public:
    SocketWatch(EventLoop& loop, Watched& watched)
        : loop_(loop)
        , watched_(watched) {}

    ~SocketWatch() { off(); }

    SocketWatch(SocketWatch const&) = delete;
    SocketWatch& operator=(SocketWatch const&) = delete;

    void on(int fd, bool readable, bool writable) {
        if (fd_ < 0)
            loop_.watch(fd, watched_, readable, writable);
        else if (readable != readable_ || writable != writable_)
            loop_.change(fd, watched_, readable, writable);
        fd_ = fd;
        readable_ = readable;
        writable_ = writable;
    }

    void off() {
        if (fd_ >= 0) loop_.unwatch(fd_, watched_);
        fd_ = -1;
    }

  private:
    EventLoop& loop_;
    Watched& watched_;
    int fd_ = -1; ///< borrowed
    bool readable_ = false;
    bool writable_ = false;
};

} // namespace alert40::net
