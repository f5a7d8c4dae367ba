#pragma once

namespace alert40::net {

/// An open socket, closed with its owner.
class Socket {
  public:
    Socket() = default;

    explicit Socket(int fd)
        : fd_(fd) {}

    Socket(Socket&& other) noexcept
        : fd_(other.release()) {}

    Socket& operator=(Socket&& other) noexcept;
    ~Socket();

    int fd() const { return fd_; }

    bool open() const { return fd_ >= 0; }

    int release() {
        int const fd = fd_;
        fd_ = -1;
        return fd;
    }

  private:
    int fd_ = -1;
};

} // namespace alert40::net
