#include "net/rough_path.hpp"

#include "net/socket_failure.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace alert40::net {

using Kind = PathFault::Kind;

namespace {

constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t reads_at_once = 32; ///< then it is somebody else's turn
/// Of one direction; then its source has to wait. More than the longest hello.
constexpr std::size_t most_waiting = tls::wire::ClientHelloReader::most + 64 * 1024;

} // namespace

boost::system::result<std::unique_ptr<RoughPath>> RoughPath::make(EventLoop& loop, Socket far,
                                                                  Ordeal const& ordeal) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return boost::system::error_code(errno, boost::system::system_category());
    return std::unique_ptr<RoughPath>(
        new RoughPath(loop, std::move(far), Socket(ends[0]), Socket(ends[1]), ordeal));
}

RoughPath::RoughPath(EventLoop& loop, Socket far, Socket near, Socket given, Ordeal const& ordeal)
    : given_(std::move(given))
    , near_(*this, loop, std::move(near))
    , far_(*this, loop, std::move(far))
    , sent_{near_, far_, RoughLeg(ordeal.path, tls::Direction::sent)}
    , received_{far_, near_, RoughLeg(ordeal.path, tls::Direction::received)}
    , stage_(ordeal)
    , part_(loop)
    , slice_(loop) {}

/// The last words of the near end: an alert, a close_notify. Bytes left unread would make a RST of our FIN.
RoughPath::~RoughPath() {
    pump();
    std::array<std::uint8_t, read_bytes> nowhere;
    for (std::size_t i = 0; i < reads_at_once && far_.socket.open(); ++i)
        if (::recv(far_.socket.fd(), nowhere.data(), nowhere.size(), 0) <= 0) return;
}

void RoughPath::End::on_ready(bool, bool writable, bool) {
    if (writable) blocked = false;
    path.pump();
}

/// Moves all that can be moved.
void RoughPath::pump() {
    for (auto* way : {&sent_, &received_}) {
        if (end_) return;
        receive(*way);
        if (way == &sent_) release_parts();
        pass(*way);
        strike(*way);
    }
    if (!end_) look_again();
}

// ---- bytes in

bool RoughPath::has_room(Way const& way) const {
    return way.silent || way.waiting.size() + (&way == &sent_ ? stage_.size() : 0) < most_waiting;
}

void RoughPath::receive(Way& way) {
    std::array<std::uint8_t, read_bytes> buffer;
    for (std::size_t i = 0; i < reads_at_once && !way.from.ended && has_room(way); ++i) {
        auto const n = ::recv(way.from.socket.fd(), buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (n <= 0) {
            way.from.ended = true;
            if (n < 0) way.from.error = errno;
            if (&way == &sent_) stage_.end();
            return;
        }
        auto const bytes = std::span(buffer).first(static_cast<std::size_t>(n));
        if (&way == &sent_ && !stage_.over())
            stage_.feed(bytes);
        else if (!way.silent)
            way.waiting.append(bytes);
    }
}

/// What the stage lets go, each part in its time.
void RoughPath::release_parts() {
    while (auto* const part = part_.armed() ? nullptr : stage_.next()) {
        auto const wait = std::exchange(part->wait, {});
        if (wait.count() > 0) return part_.arm(wait, [this] { pump(); });
        if (!sent_.silent) sent_.waiting.append(part->bytes);
        stage_.took_next();
    }
}

// ---- bytes out

void RoughPath::pass(Way& way) {
    auto const now = std::chrono::steady_clock::now();
    while (!way.to.blocked && !way.to.broken) {
        auto const n = way.leg.may_pass(way.waiting.size(), now);
        if (n == 0) break;
        auto const sent = ::send(way.to.socket.fd(), way.waiting.data().data(), n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) {
            way.to.blocked = errno == EAGAIN || errno == EWOULDBLOCK;
            way.to.broken = !way.to.blocked;
            if (way.to.broken) way.to.error = errno; // the kernel tells an error once
            break;
        }
        way.leg.passed(static_cast<std::size_t>(sent));
        way.waiting.consume(static_cast<std::size_t>(sent));
    }
    if (way.to.broken) way.waiting.clear();
    bool const all_through = way.waiting.empty() && (&way != &sent_ || stage_.over());
    if (!way.from.ended || !all_through || way.silent || way.to.end_sent) return;
    if (way.from.error && &way == &received_)
        return end_with({tls::By::upstream, tls::Phase::after, failure_kind_of(way.from.error), std::nullopt,
                         reason_of(way.from.error)});
    way.to.end_sent = true;
    ::shutdown(way.to.socket.fd(), SHUT_WR);
}

// ---- faults

void RoughPath::strike(Way& way) {
    auto const hello = stage_.hello().size();
    if (hello > 0 && sent_.leg.passed() >= hello && !std::exchange(hello_left_, true)) {
        sent_.leg.hello_left(hello);
        received_.leg.hello_left(received_.leg.passed());
    }
    auto const struck = way.leg.strikes();
    if (end_ || !struck || way.silent) return;
    if (*struck != Kind::silence) return end_here(*struck);
    way.silent = true;
    way.waiting.clear();
}

void RoughPath::end_here(Kind kind) {
    if (kind == Kind::reset) {
        linger const at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(far_.socket.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        far_.watch.off();
        far_.socket = Socket{};
    } else {
        ::shutdown(far_.socket.fd(), SHUT_WR);
    }
    auto const how = kind == Kind::reset ? tls::FailureKind::reset : tls::FailureKind::eof;
    end_with({tls::By::injected, tls::Phase::after, how, std::nullopt, ""});
}

void RoughPath::end_with(tls::Failure failure) {
    end_ = std::move(failure);
    near_.watch.off();
    far_.watch.off();
    part_.disarm();
    slice_.disarm();
    ::shutdown(near_.socket.fd(), SHUT_WR);
}

/// Bytes were dropped, or wait here.
bool RoughPath::holds_back() const {
    return sent_.silent || received_.silent || part_.armed() || sent_.leg.slow() || received_.leg.slow();
}

void RoughPath::explain(tls::Failure& failure) const {
    if (end_ && failure.by == tls::By::upstream && !failure.alert) {
        failure.by = end_->by;
        failure.kind = end_->kind;
        failure.detail = end_->detail;
    } else if (!end_ && failure.kind == tls::FailureKind::timeout && holds_back()) {
        failure.by = tls::By::injected;
    }
}

/// A socket is watched for what can be done with it, and not at all where that is nothing.
void RoughPath::look_again() {
    auto const watch = [this](Way const& out, Way const& in) {
        auto& end = out.from;
        bool const read = !end.ended && has_room(out), write = end.blocked && !in.waiting.empty();
        read || write ? end.watch.on(end.socket.fd(), read, write) : end.watch.off();
    };
    watch(sent_, received_);
    watch(received_, sent_);
    auto const creeps = [](Way const& way) { return way.leg.slow() && !way.waiting.empty(); };
    if ((creeps(sent_) || creeps(received_)) && !slice_.armed())
        slice_.arm(RoughLeg::slice, [this] { pump(); });
}

} // namespace alert40::net
