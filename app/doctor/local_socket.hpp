#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace alert40::app::doctor {

/// A blocking TCP socket with a deadline for each operation, closed with its owner.
class LocalSocket {
  public:
    using Time = std::chrono::milliseconds;

    /// On a free port of 127.0.0.1.
    static std::optional<LocalSocket> listen();
    /// To an IP literal or a name. Nothing: it cannot be reached.
    static std::optional<LocalSocket> connect(std::string const& host, std::uint16_t port);

    LocalSocket(LocalSocket&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)) {}

    LocalSocket& operator=(LocalSocket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }

    ~LocalSocket();

    std::uint16_t port() const; ///< our own
    std::optional<LocalSocket> accept(Time patience) const;
    bool send(std::string_view bytes) const;
    /// What is there, at least a byte; empty: nothing came in that time, or the end.
    std::string receive(Time patience) const;

  private:
    explicit LocalSocket(int fd)
        : fd_(fd) {}

    bool readable(Time patience) const;

    int fd_ = -1;
};

} // namespace alert40::app::doctor
