#include "net/proxy_tunnel.hpp"

#include "net/socket_failure.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace alert40::net {

using tls::FailureKind;

ProxyTunnel::ProxyTunnel(EventLoop& loop, int fd, std::string const& host, std::uint16_t port,
                         policy::Via const& proxy, Done done)
    : fd_(fd)
    , request_(connect_request(host, port, proxy))
    , answer_(proxy)
    , watch_(loop, *this)
    , done_(std::move(done)) {}

void ProxyTunnel::start() {
    send();
    if (done_) watch_.on(fd_, true, !request_.empty());
}

void ProxyTunnel::cancel() {
    done_ = {};
    watch_.off();
}

void ProxyTunnel::on_ready(bool readable, bool writable, bool hung_up) {
    if (readable || hung_up) receive();
    if (done_ && writable) send();
    if (done_) watch_.on(fd_, true, !request_.empty());
}

void ProxyTunnel::send() {
    auto const n = ::send(fd_, request_.data(), request_.size(), MSG_NOSIGNAL);
    if (n >= 0)
        request_.erase(0, static_cast<std::size_t>(n));
    else if (errno != EAGAIN && errno != EINTR)
        finish(failure(failure_kind_of(errno), reason_of(errno)));
}

/// Looks before it takes: what follows the head of the answer stays in the socket, for whoever comes next.
void ProxyTunnel::receive() {
    std::array<std::uint8_t, 4096> buffer;
    auto const n = ::recv(fd_, buffer.data(), buffer.size(), MSG_PEEK);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) return finish(failure(failure_kind_of(errno), reason_of(errno)));
    if (n == 0)
        return finish(failure(FailureKind::eof, "closed the connection before it had answered CONNECT"));
    auto const progress = answer_.feed({buffer.data(), static_cast<std::size_t>(n)});
    if (!progress) return finish(progress.error());
    static_cast<void>(::recv(fd_, buffer.data(), progress->taken, 0)); // there already
    if (progress->open) finish(std::nullopt);
}

void ProxyTunnel::finish(std::optional<tls::Failure> failure) {
    auto const done = std::exchange(done_, {});
    watch_.off();
    done(std::move(failure));
}

} // namespace alert40::net
