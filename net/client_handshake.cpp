#include "net/client_handshake.hpp"

#include "net/duration_text.hpp"
#include "net/socket_failure.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace alert40::net {

using tls::FailureKind;
using tls::engine::Progress;

namespace {

constexpr std::size_t read_bytes = 16 * 1024; ///< a server's flight

} // namespace

ClientHandshake::ClientHandshake(EventLoop& loop, int fd, tls::engine::Connection& tls, Segments segments,
                                 Done done)
    : fd_(fd)
    , tls_(tls)
    , segments_(segments)
    , watch_(loop, *this)
    , next_segment_(loop)
    , done_(std::move(done)) {}

void ClientHandshake::start() {
    advance();
}

void ClientHandshake::cancel() {
    done_ = {};
    watch_.off();
    next_segment_.disarm();
}

void ClientHandshake::on_ready(bool readable, bool writable, bool hung_up) {
    if (readable || hung_up) receive();
    if (done_ && writable) send();
    if (done_ && send_error_) return cut(failure_kind_of(send_error_), reason_of(send_error_));
    if (done_) watch_.on(fd_, true, sendable() > 0);
}

void ClientHandshake::receive() {
    std::array<std::uint8_t, read_bytes> buffer;
    while (done_) {
        auto const n = ::recv(fd_, buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0) return cut(failure_kind_of(errno), reason_of(errno));
        if (n == 0 && send_error_) return; // the reset was told to `send` already
        if (n == 0) {
            tls_.feed_eof();
            return advance();
        }
        if (!first_byte_) first_byte_ = std::chrono::steady_clock::now();
        tls_.feed({buffer.data(), static_cast<std::size_t>(n)});
        advance();
        if (static_cast<std::size_t>(n) < buffer.size()) return;
    }
}

void ClientHandshake::advance() {
    auto const progress = tls_.advance();
    tls_.keep_input(); // what was fed is the caller's
    send();
    if (progress != Progress::handshaking) send_rest();
    if (progress == Progress::failed) return finish(tls_.failure());
    if (progress == Progress::established) return finish(std::nullopt);
    watch_.on(fd_, true, sendable() > 0 && !send_error_);
}

/// What may leave now: of a flight that is cut, one part, and nothing while the next one waits.
std::size_t ClientHandshake::sendable() const {
    auto const size = tls_.output().size();
    if (next_segment_.armed()) return 0;
    return segments_.size ? std::min(size, segments_.size) : size;
}

void ClientHandshake::send() {
    auto& output = tls_.output();
    while (auto const size = sendable()) {
        auto const n = ::send(fd_, output.data().data(), size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            if (errno != EAGAIN) send_error_ = errno;
            return;
        }
        auto const sent = static_cast<std::size_t>(n);
        output.consume(sent);
        if (segments_.size) sent_segment(sent);
    }
}

void ClientHandshake::sent_segment(std::size_t sent) {
    bool const more = !tls_.output().empty();
    bool const again = segments_.cut == Segments::Cut::all;
    if (!again) segments_.size = more ? segments_.size - sent : 0; // a hello that fits into it is not cut
    if (!more || (!again && segments_.size > 0)) return;
    next_segment_.arm(again ? between_small_segments : between_segments, [this] {
        send();
        watch_.on(fd_, true, sendable() > 0);
    });
}

/// The rest of what is cut leaves as it is: nobody waits for it here.
void ClientHandshake::send_rest() {
    next_segment_.disarm();
    segments_.size = 0;
    send();
}

void ClientHandshake::time_out(std::chrono::milliseconds after) {
    bool const begun = first_byte_ || tls_.phase() != tls::Phase::client_hello; // of an app: it was fed
    cut(FailureKind::timeout, begun ? "the handshake was not complete after " + duration_text(after)
                                    : "no answer to the ClientHello within " + duration_text(after));
}

/// The engine knows how far it had come: to it, every cut is an end of the stream.
void ClientHandshake::cut(FailureKind kind, std::string detail) {
    tls_.feed_eof();
    if (tls_.advance() != Progress::failed)
        return finish(
            tls::Failure{tls::By::upstream, tls::Phase::client_hello, kind, std::nullopt, std::move(detail)});
    auto failure = tls_.failure();
    if (failure.kind == FailureKind::eof) {
        failure.kind = kind;
        failure.detail = std::move(detail);
    }
    finish(std::move(failure));
}

void ClientHandshake::finish(std::optional<tls::Failure> failure) {
    auto const done = std::exchange(done_, {});
    watch_.off();
    next_segment_.disarm();
    done(std::move(failure));
}

} // namespace alert40::net
