#include "app/doctor/local_socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace alert40::app::doctor {

namespace {

void send_at_once(int fd) {
    int const on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

std::optional<LocalSocket> LocalSocket::listen() {
    LocalSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket.fd_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        return std::nullopt;
    if (::listen(socket.fd_, 4) != 0) return std::nullopt;
    return socket;
}

std::optional<LocalSocket> LocalSocket::connect(std::string const& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return std::nullopt;
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const addresses(found, &::freeaddrinfo);
    for (auto const* one = found; one; one = one->ai_next) {
        LocalSocket socket(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (::connect(socket.fd_, one->ai_addr, one->ai_addrlen) != 0) continue;
        send_at_once(socket.fd_);
        return socket;
    }
    return std::nullopt;
}

LocalSocket::~LocalSocket() {
    if (fd_ >= 0) ::close(fd_);
}

std::uint16_t LocalSocket::port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

bool LocalSocket::readable(Time patience) const {
    pollfd one{fd_, POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(patience.count())) > 0;
}

std::optional<LocalSocket> LocalSocket::accept(Time patience) const {
    if (!readable(patience)) return std::nullopt;
    LocalSocket socket(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
    if (socket.fd_ < 0) return std::nullopt;
    send_at_once(socket.fd_);
    return socket;
}

bool LocalSocket::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        auto const sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string LocalSocket::receive(Time patience) const {
    std::array<char, 16 * 1024> chunk;
    if (!readable(patience)) return {};
    auto const got = ::recv(fd_, chunk.data(), chunk.size(), 0);
    return got > 0 ? std::string(chunk.data(), static_cast<std::size_t>(got)) : std::string();
}

} // namespace alert40::app::doctor
