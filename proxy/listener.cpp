#include "proxy/listener.hpp"

#include "proxy/proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace alert40::proxy {
namespace {

constexpr int backlog = 4096;
constexpr int accepts_per_turn = 64;

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress socket_address(policy::Endpoint const& endpoint) {
    SocketAddress address;
    if (auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
        ::inet_pton(AF_INET, endpoint.address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(endpoint.port);
        address.size = sizeof(sockaddr_in);
    } else if (auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
               ::inet_pton(AF_INET6, endpoint.address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(endpoint.port);
        address.size = sizeof(sockaddr_in6);
    }
    return address;
}

[[noreturn]] void cannot_listen(policy::Endpoint const& endpoint, int error) {
    throw StartError("cannot listen on " + endpoint.text() + ": " + std::generic_category().message(error));
}

net::Socket bind_to(policy::Endpoint const& endpoint, bool share_port) {
    auto address = socket_address(endpoint);
    net::Socket socket{::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket.open()) cannot_listen(endpoint, errno);
    int const on = 1;
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (share_port) ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (::bind(socket.fd(), address.get(), address.size) != 0) cannot_listen(endpoint, errno);
    return socket;
}

} // namespace

net::Socket open_listener(policy::Endpoint const& endpoint, bool exclusive) {
    if (exclusive &&
        endpoint.port != 0) { // SO_REUSEPORT alone would share the port with another program of this user
        auto const alone = bind_to(endpoint, false);
        if (::listen(alone.fd(), 1) != 0) cannot_listen(endpoint, errno);
    }
    auto socket = bind_to(endpoint, true);
    if (::listen(socket.fd(), backlog) != 0) cannot_listen(endpoint, errno);
    return socket;
}

policy::Endpoint bound_to(net::Socket const& listener) {
    SocketAddress address;
    address.size = sizeof address.storage;
    ::getsockname(listener.fd(), address.get(), &address.size);
    char text[INET6_ADDRSTRLEN] = {};
    if (address.storage.ss_family == AF_INET) {
        auto const* const v4 = reinterpret_cast<sockaddr_in const*>(&address.storage);
        ::inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
        return {text, ntohs(v4->sin_port)};
    }
    auto const* const v6 = reinterpret_cast<sockaddr_in6 const*>(&address.storage);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    return {text, ntohs(v6->sin6_port)};
}

Listener::Listener(net::EventLoop& loop, net::Socket socket, std::shared_ptr<Entrance const> entrance,
                   Host& host)
    : loop_(loop)
    , socket_(std::move(socket))
    , entrance_(std::move(entrance))
    , host_(host) {
    loop_.watch(socket_.fd(), *this, true, false);
}

Listener::~Listener() {
    loop_.unwatch(socket_.fd(), *this);
}

void Listener::on_ready(bool, bool, bool) {
    for (int i = 0; i < accepts_per_turn && accept_one(); ++i) {
    }
}

void Listener::accept_waiting() {
    for (int i = 0; i < backlog && accept_one(); ++i) {
    }
}

/// Whether it makes sense to ask for another one.
bool Listener::accept_one() {
    net::Socket socket{::accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (socket.open()) {
        int const on = 1;
        ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        host_.accepted(std::move(socket), entrance_);
        return true;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        // what waits stays in the backlog; asking again at once would only spin
        resting_ = true;
        loop_.change(socket_.fd(), *this, false, false);
        return false;
    }
    return errno != EAGAIN && errno != EWOULDBLOCK;
}

void Listener::on_tick() {
    if (std::exchange(resting_, false)) loop_.change(socket_.fd(), *this, true, false);
}

} // namespace alert40::proxy
