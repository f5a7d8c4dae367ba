#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace alert40::test {

/// One accepted connection, blocking, as a script sees it.
class PeerSocket {
  public:
    explicit PeerSocket(int fd)
        : fd_(fd) {}

    ~PeerSocket() { close(); }

    PeerSocket(PeerSocket const&) = delete;
    PeerSocket& operator=(PeerSocket const&) = delete;

    int fd() const { return fd_; }

    /// What comes in one piece; empty at the end.
    std::string read_some() const {
        std::array<char, 65536> buffer;
        auto const n = ::recv(fd_, buffer.data(), buffer.size(), 0);
        return n > 0 ? std::string{buffer.data(), static_cast<std::size_t>(n)} : std::string{};
    }

    /// Everything up to and with `end`.
    std::string read_until(std::string_view end) const {
        std::string text;
        char c = 0;
        while (!text.ends_with(end) && ::recv(fd_, &c, 1, 0) == 1)
            text += c;
        return text;
    }

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    /// Says nothing until the other side goes away.
    void wait_for_end() const {
        while (!read_some().empty()) {
        }
    }

    /// RST instead of FIN.
    void reset() {
        linger const at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }

    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

  private:
    int fd_;
};

/// A TCP server on loopback: each connection is one run of the script, one after the other, on a thread of
/// its own.
class ScriptedPeer {
  public:
    using Script = std::function<void(PeerSocket&)>;

    /// Port 0: any that is free.
    explicit ScriptedPeer(Script script, std::string const& address = "127.0.0.1", std::uint16_t port = 0)
        : script_(std::move(script)) {
        bool const v6 = address.find(':') != std::string::npos;
        listener_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int const on = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_storage place{};
        socklen_t size = v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
        place.ss_family = v6 ? AF_INET6 : AF_INET;
        auto* const as_v4 = reinterpret_cast<sockaddr_in*>(&place);
        auto* const as_v6 = reinterpret_cast<sockaddr_in6*>(&place);
        ::inet_pton(place.ss_family, address.c_str(),
                    v6 ? static_cast<void*>(&as_v6->sin6_addr) : &as_v4->sin_addr);
        as_v4->sin_port = htons(port); // the same place in both
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&place), size) != 0 || ::listen(listener_, 16) != 0)
            throw std::runtime_error{"cannot listen on " + address + ": " + std::strerror(errno)};
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
        port_ = ntohs(as_v4->sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }

    ~ScriptedPeer() {
        stop_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        if (int const fd = current_.load(); fd >= 0) ::shutdown(fd, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::uint16_t port() const { return port_; }

    unsigned connections() const { return connections_; }

  private:
    void serve() {
        for (int fd; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
            PeerSocket socket{fd};
            ++connections_;
            current_ = fd;
            if (!stop_) script_(socket);
            current_ = -1;
        }
    }

    Script script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_ = false;
    std::atomic<int> current_ = -1;
    std::atomic<unsigned> connections_ = 0;
    std::thread thread_;
};

} // namespace alert40::test
