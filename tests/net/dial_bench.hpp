#pragma once

#include "net/dial.hpp"
#include "net/environment_proxy.hpp"
#include "net/loop/event_loop.hpp"
#include "net/resolver/resolver.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace alert40::test {

inline policy::Via direct() {
    return {.kind = policy::Via::Kind::direct, .host = {}, .port = 0, .username = {}, .password = {}};
}

inline policy::Via proxy_at(std::uint16_t port, std::string username = {}, std::string password = {}) {
    return {policy::Via::Kind::http_proxy, "127.0.0.1", port, std::move(username), std::move(password)};
}

/// To origin.test, by an address that stands in the policy: no name is looked up.
inline net::DialRequest request_to(std::uint16_t port, std::string address = "127.0.0.1") {
    net::DialRequest request;
    request.origin = {"http", "origin.test", 80};
    request.address = policy::Address{std::move(address), port};
    request.via = direct();
    return request;
}

/// One dial on a loop of its own, run to its end.
inline net::Dialled dial(net::DialRequest request) {
    net::EventLoop loop;
    net::Resolver resolver{loop};
    std::optional<net::Dialled> result;
    auto const under_way = net::start_dial(loop, resolver, std::move(request), [&](net::Dialled dialled) {
        result = std::move(dialled);
        loop.stop();
    });
    loop.run();
    return std::move(*result);
}

/// Descriptors that this process has open.
inline int open_descriptors() {
    int count = 0;
    auto* const folder = ::opendir("/proc/self/fd");
    while (::readdir(folder))
        ++count;
    ::closedir(folder);
    return count;
}

/// A port that nobody listens on, and that nobody else is given meanwhile.
class ClosedPort {
  public:
    explicit ClosedPort(char const* address = "127.0.0.1")
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        place_.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &place_.sin_addr);
        socklen_t size = sizeof place_;
        ::bind(socket_.fd(), reinterpret_cast<sockaddr*>(&place_), size);
        ::getsockname(socket_.fd(), reinterpret_cast<sockaddr*>(&place_), &size);
    }

    std::uint16_t port() const { return ntohs(place_.sin_port); }

  protected:
    net::Socket socket_;
    sockaddr_in place_{};
};

/// A port that takes connections, and nobody ever reads them: no descriptor but its own.
class MutePeer : public ClosedPort {
  public:
    MutePeer() { ::listen(socket_.fd(), 16); }
};

/// A port whose SYNs go unanswered: its queue is full, and nobody accepts.
class BlackHole : public ClosedPort {
  public:
    BlackHole() {
        ::listen(socket_.fd(), 0);
        for (auto& one : filling_) {
            one = net::Socket{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
            ::connect(one.fd(), reinterpret_cast<sockaddr*>(&place_), sizeof place_);
        }
    }

  private:
    std::array<net::Socket, 4> filling_;
};

} // namespace alert40::test
