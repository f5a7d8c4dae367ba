#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace alert40::app {

/// A blocking stream socket of a local path, closed with its owner.
class UnixSocket {
  public:
    /// Waits at most control::patience for each send or receive. Nothing: nobody listens there.
    static std::optional<UnixSocket> connect(std::filesystem::path const& path);

    UnixSocket(UnixSocket&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)) {}

    UnixSocket& operator=(UnixSocket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }

    ~UnixSocket();

    int fd() const { return fd_; }

  private:
    explicit UnixSocket(int fd)
        : fd_(fd) {}

    int fd_ = -1;
};

} // namespace alert40::app
