// How a Connection comes to its end: in order, by failure, or because its time is up. And how it rests
// before.
#include "proxy/http2/connection.hpp"

#include "proxy/http2/stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace alert40::proxy::http2 {

using tls::FailureKind;

void Connection::start_draining() {
    if (!open() || draining_) return;
    draining_ = true;
    if (!streams_.empty() && nghttp2_submit_shutdown_notice(session()) == 0) final_goaway_due_ = true;
    flush_soon();
}

void Connection::say_goaway(ErrorCode code) {
    say_goaway(static_cast<std::uint32_t>(code), nghttp2_session_get_last_proc_stream_id(session()));
}

void Connection::say_goaway(std::uint32_t code, std::int32_t last_stream_id) {
    constexpr std::size_t frame_size = 17;
    auto const last = static_cast<std::uint32_t>(last_stream_id);
    std::array<std::uint8_t, frame_size> frame{0, 0, 8, NGHTTP2_GOAWAY};
    for (std::size_t i = 0; i < 4; ++i) {
        auto const shift = 24 - 8 * i;
        frame[9 + i] = static_cast<std::uint8_t>(last >> shift);
        frame[13 + i] = static_cast<std::uint8_t>(code >> shift);
    }
    output().append(frame);
}

void Connection::fail(tls::Failure failure) {
    leave();
    on_failure(failure);
    end_streams(failure);
}

void Connection::lost(tls::Failure failure) {
    auto const stage = std::exchange(stage_, Stage::over);
    if (stage == Stage::over) return;
    if (stage == Stage::open) {
        on_failure(failure);
        end_streams(failure);
    }
    report_closed();
}

void Connection::end_streams(tls::Failure const& failure) {
    while (!streams_.empty()) {
        auto* const stream = streams_.back();
        stream->lost(failure);
        delete stream;
    }
}

void Connection::leave() {
    stage_ = Stage::leaving;
    leave_until_ = now() + limits::leave_time;
    stream_->pause_reading(false);
    stream_->close_after_output();
}

void Connection::close() {
    stage_ = Stage::over;
    report_closed();
}

// ---- on purpose

void Connection::greet_and_leave(std::uint32_t code) {
    produce();
    say_goaway(code, 0);
    leave();
    flush_soon();
}

void Connection::break_off(Breach const& breach, std::int32_t stream_id) {
    auto const why = failure(FailureKind::h2, "broken off on purpose");
    if (breach.kind == Breach::Kind::reset) {
        stream_->reset_at_end();
        return lost(why);
    }
    if (!breach.close_notify) stream_->leave_out_close_notify();
    auto const last_done = nghttp2_session_get_last_proc_stream_id(session());
    auto const before = std::max(stream_id - 2, 0); // an app's streams are odd
    if (breach.kind == Breach::Kind::goaway)
        say_goaway(breach.error_code, breach.processed ? last_done : before);
    fail(why);
}

// ---- the clock

void Connection::tick(Time now, std::chrono::steady_clock::duration idle_time) {
    if (stage_ == Stage::over) return;
    if (stage_ == Stage::leaving) {
        if (now >= leave_until_) close();
        return;
    }
    if (std::exchange(final_goaway_due_, false)) {
        nghttp2_submit_goaway(session(), NGHTTP2_FLAG_NONE,
                              nghttp2_session_get_last_proc_stream_id(session()), NGHTTP2_NO_ERROR, nullptr,
                              0);
        flush_soon();
    }
    if (!settled_ && now - began_ >= limits::settings_time) {
        say_goaway(ErrorCode::settings_timeout);
        fail(failure(FailureKind::timeout, "no SETTINGS from the peer"));
    } else if (stalled(now)) {
        say_goaway(ErrorCode::enhance_your_calm);
        fail(failure(FailureKind::timeout, "the peer takes nothing of what waits for it"));
    } else if (reading_ && now - reading_since_ >= limits::request_head_time) {
        say_goaway(ErrorCode::enhance_your_calm);
        fail(failure(FailureKind::timeout, "a header block that does not end"));
    } else if (streams_.empty() && now - idle_since_ >= idle_time) {
        say_goaway(ErrorCode::no_error);
        leave();
    } else if (streams_.empty() && !std::exchange(resting_, true)) {
        rest();
    }
}

void Connection::rest() {
    if (auto const& memory = session_.get_deleter().memory) memory->rest();
}

/// What counts is DATA that left: a peer that only acknowledges our PINGs, or sends some, takes nothing.
bool Connection::stalled(Time now) {
    auto const progress = data_sent_ - stream_->unsent();
    bool const waiting = queued_ > 0 || stream_->unsent() > 0;
    if (!waiting || progress != last_progress_) progress_at_ = now;
    last_progress_ = progress;
    return now - progress_at_ >= limits::stalled_output;
}

} // namespace alert40::proxy::http2
