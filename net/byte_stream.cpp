#include "net/byte_stream.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace alert40::net {

using tls::engine::Status;
using tls::engine::Transfer;

namespace {

/// Where ciphertext is received: shared by all connections of the thread, because none keeps bytes in it past
/// its turn.
constexpr std::size_t scratch_size = 128 * 1024;
/// Output from this size on may have paused somebody, who then hears that it has left.
constexpr std::size_t worth_telling = 64 * 1024;

std::span<std::uint8_t> scratch() {
    thread_local std::array<std::uint8_t, scratch_size> bytes;
    return bytes;
}

tls::Failure failure_of(int error, tls::By side) {
    bool const reset = error == ECONNRESET || error == EPIPE || error == ECONNABORTED;
    auto const kind = reset                ? tls::FailureKind::reset
                      : error == ETIMEDOUT ? tls::FailureKind::timeout
                                           : tls::FailureKind::unreachable;
    return {side, tls::Phase::after, kind, std::nullopt, std::generic_category().message(error)};
}

int pending_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

} // namespace

ByteStream::ByteStream(EventLoop& loop, Socket socket, std::unique_ptr<tls::engine::Connection> tls,
                       tls::By side)
    : loop_(loop)
    , tls_(std::move(tls))
    , socket_(std::move(socket))
    , side_(side) {}

ByteStream::~ByteStream() {
    if (watched_) loop_.unwatch(socket_.fd(), *this);
}

void ByteStream::start(Owner& owner) {
    owner_ = &owner;
    update_interest();
    offer_buffered_ = has_buffered_input();
    if (offer_buffered_ || unsent() > 0) flush_soon(); // the last flight of a handshake may still wait here
}

Socket ByteStream::release(bytes::ByteQueue& read_too_far) {
    owner_ = nullptr;
    send();
    output_.clear();
    read_too_far.append(pushed_back_.data());
    pushed_back_.clear();
    if (std::exchange(watched_, false)) loop_.unwatch(socket_.fd(), *this);
    return std::move(socket_);
}

// ---- reading

void ByteStream::push_back(std::span<std::uint8_t const> bytes) {
    bytes::ByteQueue all;
    all.append(bytes);
    all.append(pushed_back_.data());
    pushed_back_ = std::move(all);
}

Transfer ByteStream::read(std::span<std::uint8_t> into) {
    was_read_ = true;
    if (!pushed_back_.empty()) {
        auto const n = std::min(into.size(), pushed_back_.size());
        std::memcpy(into.data(), pushed_back_.data().data(), n);
        pushed_back_.consume(n);
        return {Status::ok, n};
    }
    if (failure_) return {Status::failed, 0};
    return tls_ ? decrypt(into) : receive(into);
}

Transfer ByteStream::receive(std::span<std::uint8_t> into) {
    if (end_received_) return {Status::closed, 0};
    if (drained_) return {Status::want_input, 0};
    for (;;) {
        auto const n = ::recv(socket_.fd(), into.data(), into.size(), 0);
        if (n > 0) {
            drained_ = static_cast<std::size_t>(n) < into.size();
            return {Status::ok, static_cast<std::size_t>(n)};
        }
        if (n == 0 && path_ && path_->end()) {
            failure_ = std::make_unique<tls::Failure>(*path_->end());
            update_interest();
            return {Status::failed, 0};
        }
        if (n == 0 && write_error_ == 0) {
            end_received_ = true;
            update_interest();
            return {Status::closed, 0};
        }
        if (n == 0) errno = write_error_; // the kernel tells an error once: this is no orderly end
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            drained_ = true;
            return {Status::want_input, 0};
        }
        failure_ = std::make_unique<tls::Failure>(failure_of(errno, side_));
        update_interest();
        return {Status::failed, 0};
    }
}

Transfer ByteStream::decrypt(std::span<std::uint8_t> into) {
    for (;;) {
        auto const plain = tls_->read(into);
        if (!tls_->output().empty()) flush_soon(); // a KeyUpdate answered, an alert
        if (plain.status == Status::failed) {
            failure_ = std::make_unique<tls::Failure>(tls_->failure());
            update_interest();
            send_last_words();
        }
        if (plain.status != Status::want_input) return plain;
        if (end_received_) return {Status::closed, 0};

        auto const cipher = receive(scratch());
        if (cipher.status == Status::ok)
            tls_->feed(scratch().first(cipher.bytes));
        else if (cipher.status == Status::closed)
            tls_->feed_eof();
        else
            return cipher;
    }
}

bool ByteStream::has_buffered_input() const {
    return !pushed_back_.empty() || (tls_ && tls_->has_buffered_input());
}

void ByteStream::offer_input() {
    drained_ = false;
    owner_->on_readable();
    offer_buffered_input();
}

/// The kernel will not report again what was already taken from it.
void ByteStream::offer_buffered_input() {
    while (!paused_ && !failure_ && has_buffered_input()) {
        drained_ = true;
        was_read_ = false;
        owner_->on_readable();
        if (!was_read_) break;
    }
    if (tls_) tls_->keep_input();
}

void ByteStream::pause_reading(bool paused) {
    if (paused_ == paused) return;
    paused_ = paused;
    update_interest();
    if (!paused_ && has_buffered_input()) {
        offer_buffered_ = true;
        flush_soon();
    }
}

// ---- writing

std::size_t ByteStream::unsent() const {
    return output_.size() + (tls_ ? tls_->output().size() : 0);
}

void ByteStream::flush() {
    if (std::exchange(offer_buffered_, false)) offer_buffered_input();
    if (owner_) owner_->on_flush();
    if (failure_) return;
    encrypt_output();
    if (blocked_ || failure_) return;
    auto const waiting = unsent();
    send();
    if (waiting >= worth_telling && !failure_ && unsent() == 0 && owner_) owner_->on_drained();
}

void ByteStream::encrypt_output() {
    if (!tls_ || output_.empty()) return;
    auto const written = tls_->write(output_.data());
    output_.clear();
    if (written.status == Status::failed) break_off(tls_->failure());
}

void ByteStream::send() {
    auto& queue = tls_ ? tls_->output() : output_;
    while (!queue.empty()) {
        auto const n = ::send(socket_.fd(), queue.data().data(), queue.size(), MSG_NOSIGNAL);
        if (n >= 0) {
            queue.consume(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            blocked_ = true;
            update_interest();
            return;
        } else if (errno != EINTR) {
            return write_failed(errno);
        }
    }
    end_if_sent();
}

/// What the peer said before it went, its alert above all, is still there to be read, and says why.
void ByteStream::write_failed(int error) {
    write_error_ = error;
    output_.clear();
    if (tls_) tls_->output().clear();
    if (owner_ && !paused_ && !end_received_) offer_input();
    break_off(failure_of(error, side_));
}

void ByteStream::close_after_output() {
    close_when_sent_ = true;
    flush_soon();
}

bool ByteStream::send_last_alert(tls::AlertLevel level, tls::AlertDescription description) {
    if (!tls_ || !tls_->send_last_alert(level, description)) return false;
    flush_soon();
    return true;
}

void ByteStream::explain(tls::Failure& failure) const {
    if (path_) path_->explain(failure);
}

void ByteStream::end_if_sent() {
    if (!close_when_sent_ || end_sent_) return;
    if (tls_) {
        if (close_notify_) tls_->close();
        send_last_words();
    }
    end_sent_ = true;
    ::shutdown(socket_.fd(), SHUT_WR);
}

/// The alert behind which nothing follows. Best effort: one that does not fit into the send buffer helps
/// nobody.
void ByteStream::send_last_words() {
    auto& queue = tls_->output();
    if (::send(socket_.fd(), queue.data().data(), queue.size(), MSG_NOSIGNAL) >= 0) queue.clear();
}

// ---- events

void ByteStream::on_ready(bool readable, bool writable, bool hung_up) {
    if (writable && blocked_) {
        blocked_ = false;
        update_interest();
        encrypt_output();
        send();
        if (!blocked_ && !failure_) owner_->on_drained();
    }
    if ((readable || hung_up) && !paused_ && !end_received_ && !failure_) {
        offer_input();
        return;
    }
    if (!hung_up || failure_) return;
    if (int const error = pending_error(socket_.fd())) {
        break_off(failure_of(error, side_));
    } else {
        // an orderly end in both directions, or behind what a paused owner has not read: nothing more will be
        // reported
        loop_.unwatch(socket_.fd(), *this);
        watched_ = false;
    }
}

void ByteStream::break_off(tls::Failure failure) {
    if (failure_) return;
    failure_ = std::make_unique<tls::Failure>(std::move(failure));
    output_.clear();
    update_interest();
    if (owner_) owner_->on_broken(*failure_);
}

void ByteStream::update_interest() {
    if (failure_) {
        if (std::exchange(watched_, false)) loop_.unwatch(socket_.fd(), *this);
        return;
    }
    bool const read = !paused_ && !end_received_;
    if (!watched_) {
        loop_.watch(socket_.fd(), *this, read, blocked_);
        watched_ = true;
    } else if (read != watches_read_ || blocked_ != watches_write_) {
        loop_.change(socket_.fd(), *this, read, blocked_);
    }
    watches_read_ = read;
    watches_write_ = blocked_;
}

} // namespace alert40::net
