#include "net/proxy_tunnel.hpp"

#include "net/socket_failure.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace alert40::net {

using tls::FailureKind;

ProxyTunnel::ProxyTunnel(EventLoop& loop, int fd, std::unique_ptr<ProxyDialogue> dialogue, Done done)
    : fd_(fd)
    , dialogue_(std::move(dialogue))
    , unsent_(dialogue_->begin())
    , watch_(loop, *this)
    , done_(std::move(done)) {}

void ProxyTunnel::start() {
    send();
    if (done_) watch_.on(fd_, true, !unsent_.empty());
}

void ProxyTunnel::cancel() {
    done_ = {};
    watch_.off();
}

void ProxyTunnel::on_ready(bool readable, bool writable, bool hung_up) {
    if (readable || hung_up) receive();
    if (done_ && writable) send();
    if (done_) watch_.on(fd_, true, !unsent_.empty());
}

void ProxyTunnel::send() {
    auto const n = ::send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (n >= 0)
        unsent_.erase(0, static_cast<std::size_t>(n));
    else if (errno != EAGAIN && errno != EINTR)
        finish(failure(failure_kind_of(errno), reason_of(errno)));
}

/// Looks before it takes: what follows the dialogue stays in the socket, for whoever comes next.
void ProxyTunnel::receive() {
    std::array<std::uint8_t, 4096> buffer;
    auto const n = ::recv(fd_, buffer.data(), buffer.size(), MSG_PEEK);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n < 0) return finish(failure(failure_kind_of(errno), reason_of(errno)));
    if (n == 0)
        return finish(failure(FailureKind::eof, "closed the connection before it had answered CONNECT"));
    auto const progress = dialogue_->feed({buffer.data(), static_cast<std::size_t>(n)});
    if (!progress) return finish(progress.error());
    static_cast<void>(::recv(fd_, buffer.data(), progress->taken, 0)); // there already
    if (progress->open) return finish(std::nullopt);
    unsent_ += progress->reply;
    if (!unsent_.empty()) send();
}

void ProxyTunnel::finish(std::optional<tls::Failure> failure) {
    auto const done = std::exchange(done_, {});
    watch_.off();
    done(std::move(failure));
}

} // namespace alert40::net
