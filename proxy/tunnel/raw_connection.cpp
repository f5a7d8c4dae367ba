#include "proxy/tunnel/raw_connection.hpp"

#include "proxy/message/limits.hpp"

#include <array>
#include <utility>

namespace alert40::proxy {

using tls::engine::Status;

namespace {

/// What an error response would say: there is nobody to read it.
std::span<std::uint8_t> nowhere() {
    thread_local std::array<std::uint8_t, limits::read_bytes> bytes;
    return bytes;
}

constexpr std::size_t most_before_the_tunnel = 4096; ///< more than SOCKS5 and its credentials can need

} // namespace

RawConnection::RawConnection(DownstreamParts parts)
    : stream_(std::move(parts.stream))
    , dispatcher_(parts.dispatcher)
    , entrance_(parts.entrance)
    , host_(parts.host)
    , since_(stream_->loop().now()) {
    stream_->start(*this);
    stream_->flush_soon(); // a kind that knows its target already has its say then
}

// ---- from the app

void RawConnection::on_readable() {
    switch (stage_) {
    case Stage::talking: return listen();
    case Stage::asking: return stream_->pause_reading(true);
    case Stage::passing: return pass();
    case Stage::leaving: return discard();
    case Stage::over: return;
    }
}

void RawConnection::on_flush() {
    if (stage_ == Stage::talking) talk(seen_);
    if (stage_ != Stage::passing) return;
    if (!seen_.empty()) {
        exchange_->request_body(seen_.data());
        seen_.clear();
    }
    if (stage_ == Stage::passing) stream_->pause_reading(client_ended_ || exchange_->request_congested());
}

void RawConnection::listen() {
    while (stage_ == Stage::talking) {
        if (seen_.size() >= most_before_the_tunnel) return close();
        auto const got = stream_->read(seen_.prepare(bytes::smallest_block));
        seen_.commit(got.status == Status::ok ? got.bytes : 0);
        if (got.status == Status::want_input) return;
        if (got.status != Status::ok) return close();
        talk(seen_);
    }
}

void RawConnection::ask(std::string_view authority) {
    stage_ = Stage::asking;
    exchange_ = std::make_unique<Exchange>(static_cast<Requester&>(*this), dispatcher_, entrance_);
    auto& request = exchange_->request();
    request.method = "CONNECT";
    request.admitted = true;
    request.authority = request.arena.copy(authority);
    exchange_->start(false);
}

void RawConnection::pass() {
    for (std::size_t i = 0; i < limits::reads_per_turn && stage_ == Stage::passing; ++i) {
        if (exchange_->request_congested()) return stream_->pause_reading(true);
        auto const got = stream_->read(exchange_->request_body_space(limits::read_bytes));
        exchange_->request_body_written(got.status == Status::ok ? got.bytes : 0);
        if (got.status == Status::ok) continue;
        if (got.status == Status::failed) close();
        if (got.status == Status::closed) {
            client_ended_ = true;
            exchange_->request_end({});
        }
        return;
    }
}

void RawConnection::say(std::span<std::uint8_t const> bytes) {
    stream_->output().append(bytes);
    stream_->flush_soon();
}

// ---- from the target

void RawConnection::response(ResponseHead& head, bool end) {
    if (head.upgraded) {
        granted(stream_->output());
        stage_ = Stage::passing;
        stream_->flush_soon();
        return;
    }
    refused(head.status, stream_->output());
    if (end) leave();
}

std::span<std::uint8_t> RawConnection::body_space(std::size_t at_least) {
    if (stage_ == Stage::passing) return stream_->output().prepare(at_least);
    return nowhere();
}

void RawConnection::body_written(std::size_t n) {
    if (stage_ != Stage::passing) return;
    stream_->output().commit(n);
    stream_->flush_soon();
}

void RawConnection::on_drained() {
    if (stage_ == Stage::passing) exchange_->requester_drained();
}

bool RawConnection::congested() const {
    return stream_->unsent() > limits::high_water;
}

bool RawConnection::give_stream(policy::Origin const& target) {
    granted(stream_->output());
    stream_->flush_soon();
    stream_->push_back(seen_.data());
    stage_ = Stage::over;
    host_.intercept(*this, std::move(stream_), target);
    return true;
}

// ---- ends

/// The target broke: the app shall not take it for an orderly end.
void RawConnection::abort(Abort) {
    stream_->reset_at_end();
    close();
}

void RawConnection::leave() {
    if (stage_ == Stage::leaving || stage_ == Stage::over) return;
    stage_ = Stage::leaving;
    since_ = stream_->loop().now();
    unsent_ = stream_->unsent();
    stream_->pause_reading(false);
    stream_->close_after_output();
}

void RawConnection::discard() {
    for (std::size_t i = 0; i < limits::reads_per_turn; ++i) {
        auto const status = stream_->read(nowhere()).status;
        if (status == Status::want_input) return;
        if (status == Status::closed && stream_->unsent() > 0) return; // it still reads; a tick ends it
        if (status != Status::ok) return close();
    }
}

void RawConnection::close() {
    if (std::exchange(stage_, Stage::over) == Stage::over) return;
    if (exchange_) exchange_->requester_gone();
    host_.closed(*this);
}

void RawConnection::drain() {
    if (stage_ == Stage::talking || stage_ == Stage::asking) close();
}

void RawConnection::on_tick(std::chrono::steady_clock::time_point now) {
    if (stage_ == Stage::talking && now - since_ >= limits::request_head_time) close();
    if (stage_ != Stage::leaving) return;
    auto const unsent = stream_->unsent();
    if (unsent > 0 && unsent < unsent_) since_ = now; // the app takes what waits for it
    unsent_ = unsent;
    if (now - since_ >= (unsent > 0 ? limits::stalled_output : limits::leave_time)) close();
}

} // namespace alert40::proxy
