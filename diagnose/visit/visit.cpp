#include "diagnose/visit/visit.hpp"

#include <array>

namespace alert40::diagnose {

namespace {

using tls::engine::Status;

std::unique_ptr<Conversation> conversation_for(net::Dialled const& dialled, Request const& request) {
    bool const h2 = dialled.tls && dialled.tls->alpn() == "h2";
    return h2 ? make_http2_conversation(request.authority, request.target)
              : make_http1_conversation(request.authority, request.target);
}

} // namespace

Visit::Visit(net::EventLoop& loop, net::Dialled dialled, Request const& request,
             std::function<void(Visited)> done)
    : conversation_(conversation_for(dialled, request))
    , stream_(loop, std::move(dialled.socket), std::move(dialled.tls), tls::By::upstream)
    , patience_(loop)
    , for_body_(request.body)
    , started_(Clock::now())
    , done_(std::move(done)) {
    patience_.arm(request.patience, [this] { late(); });
    stream_.start(*this);
    conversation_->begin(stream_.output());
    stream_.flush_soon();
}

Visit::~Visit() = default;

void Visit::on_readable() {
    std::array<std::uint8_t, 16 * 1024> buffer;
    while (done_) {
        auto const got = stream_.read(buffer);
        switch (got.status) {
        case Status::want_input: stream_.flush_soon(); return;
        case Status::failed: finish(stream_.failure()); return;
        case Status::closed:
            conversation_->end();
            finish();
            return;
        case Status::ok:
            if (!take(std::span{buffer}.first(got.bytes))) finish();
        }
    }
}

bool Visit::take(std::span<std::uint8_t const> bytes) {
    bool const go_on = conversation_->take(bytes, stream_.output());
    note_times();
    return go_on;
}

void Visit::note_times() {
    auto const now = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    auto const& seen = conversation_->visited();
    if (!times_.first_byte) times_.first_byte = now;
    if (seen.status != 0 && times_.status == 0) patience_.arm(for_body_, [this] { late(); });
    if (seen.body_pieces != times_.body_pieces) {
        if (!times_.first_body) times_.first_body = now;
        times_.last_body = now;
    }
    times_.status = seen.status;
    times_.body_pieces = seen.body_pieces;
}

void Visit::on_broken(tls::Failure const& failure) {
    finish(failure);
}

/// Where the head is there, a body that goes on is no failure: it may be a stream.
void Visit::late() {
    if (times_.status != 0) return finish();
    finish(tls::Failure{.by = tls::By::upstream,
                        .phase = tls::Phase::after,
                        .kind = tls::FailureKind::timeout,
                        .alert = std::nullopt,
                        .detail = "no response came in time"});
}

void Visit::finish(std::optional<tls::Failure> failure) {
    if (!done_) return;
    patience_.disarm();
    auto visited = conversation_->visited();
    visited.first_byte = times_.first_byte;
    visited.first_body = times_.first_body;
    visited.last_body = times_.last_body;
    if (failure && !visited.failure && !visited.complete) visited.failure = std::move(failure);
    stream_.pause_reading(true);
    stream_.loop().post(
        [done = std::exchange(done_, nullptr), visited = std::move(visited)] { done(visited); });
}

} // namespace alert40::diagnose
