#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace alert40::test {

/// A plain HTTP/1.1 origin for many connections at a time: each read is taken for a request and gets
/// `answer`.
class BusyOrigin {
  public:
    explicit BusyOrigin(std::string answer)
        : answer_(std::move(answer)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        auto* const address = reinterpret_cast<sockaddr*>(&place);
        if (::bind(listener_, address, size) != 0 || ::listen(listener_, 1024) != 0)
            throw std::runtime_error{"cannot listen on loopback"};
        ::getsockname(listener_, address, &size);
        port_ = ntohs(place.sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }

    ~BusyOrigin() {
        stop_ = true;
        ::shutdown(listener_, SHUT_RDWR); // and poll returns
        thread_.join();
        for (auto const& each : sockets_)
            ::close(each.fd);
    }

    std::uint16_t port() const { return port_; }

    unsigned connections() const { return connections_; }

  private:
    void serve() {
        sockets_.push_back({listener_, POLLIN, 0});
        std::array<char, 4096> request{};
        while (!stop_ && ::poll(sockets_.data(), sockets_.size(), -1) > 0) {
            for (std::size_t i = sockets_.size(); i-- > 1;) {
                if (sockets_[i].revents == 0) continue;
                if (::recv(sockets_[i].fd, request.data(), request.size(), 0) > 0) {
                    if (!answer_.empty())
                        ::send(sockets_[i].fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
                } else {
                    ::close(sockets_[i].fd);
                    sockets_.erase(sockets_.begin() + static_cast<std::ptrdiff_t>(i));
                }
            }
            if (sockets_.front().revents == 0 || stop_) continue;
            int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) continue;
            sockets_.push_back({fd, POLLIN, 0});
            ++connections_;
        }
    }

    std::string answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::vector<pollfd> sockets_; ///< the listener first
    std::atomic<bool> stop_ = false;
    std::atomic<unsigned> connections_ = 0;
    std::thread thread_;
};

} // namespace alert40::test
