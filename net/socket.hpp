#pragma once

#include <memory>
#include <utility>

namespace alert40::net {

/// An open socket, closed with its owner.
class Socket {
  public:
    Socket() = default;

    explicit Socket(int fd)
        : fd_(fd) {}

    /// One end of a socketpair, which cannot tell a reset: it is told by `was_reset`, which whoever holds the
    /// other end shares, on the same thread.
    Socket(int fd, std::shared_ptr<bool> was_reset)
        : fd_(fd)
        , was_reset_(std::move(was_reset)) {}

    Socket(Socket&& other) noexcept
        : fd_(other.release())
        , was_reset_(std::move(other.was_reset_)) {}

    Socket& operator=(Socket&& other) noexcept;
    ~Socket();

    int fd() const { return fd_; }

    bool open() const { return fd_ >= 0; }

    int release() {
        int const fd = fd_;
        fd_ = -1;
        return fd;
    }

    /// The peer gets RST instead of FIN when this is closed.
    void reset_at_end();

  private:
    int fd_ = -1;
    std::shared_ptr<bool> was_reset_; ///< null: the kernel tells it
};

} // namespace alert40::net
