#include "proxy/http2/connection.hpp"

#include "proxy/http2/stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace alert40::proxy::http2 {
namespace {

using tls::FailureKind;
using tls::engine::Status;

/// Shared by all connections of the thread: nothing stays in it past a call.
std::span<std::uint8_t> scratch() {
    thread_local std::array<std::uint8_t, limits::read_bytes> bytes;
    return bytes;
}

constexpr unsigned most_wide_windows =
    (limits::connection_window - limits::streams * NGHTTP2_INITIAL_WINDOW_SIZE) / limits::stream_window;
static_assert(most_wide_windows > 0);

/// Stream errors that the peer has made, so that making them over and over costs it something.
constexpr bool blames_peer(std::uint32_t error_code) {
    switch (static_cast<ErrorCode>(error_code)) {
    case ErrorCode::protocol_error:
    case ErrorCode::flow_control_error:
    case ErrorCode::stream_closed:
    case ErrorCode::frame_size_error: return true;
    default: return false;
    }
}

} // namespace

Connection::Connection(std::unique_ptr<net::ByteStream> stream, tls::By peer)
    : stream_(std::move(stream))
    , began_(now())
    , progress_at_(began_)
    , idle_since_(began_)
    , peer_(peer) {}

Connection::~Connection() {
    while (!streams_.empty())
        delete streams_.back();
}

void Connection::start(Session session) {
    session_ = std::move(session);
    stream_->start(*this);
    flush_soon();
}

// ---- streams

Stream& Connection::adopt(std::unique_ptr<Stream> stream) {
    stream->index_ = streams_.size();
    streams_.push_back(stream.get());
    resting_ = false;
    return *stream.release();
}

Stream* Connection::find(std::int32_t stream_id) {
    return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session(), stream_id));
}

void Connection::forget(Stream& stream) {
    streams_[stream.index_] = streams_.back();
    streams_[stream.index_]->index_ = stream.index_;
    streams_.pop_back();
    if (streams_.empty()) idle_since_ = now();
    if (reading_ == &stream) reading_ = nullptr;
    if (stream.called_later_) std::replace(due_.begin(), due_.end(), &stream, static_cast<Stream*>(nullptr));
    if (stream.wide_) --wide_windows_;
    queued_ -= stream.queue_.size();
    if (stream.held_ > 0) nghttp2_session_consume_connection(session(), stream.held_);
}

void Connection::body_sent(std::size_t n) {
    queued_ -= n;
    data_sent_ += n;
    patience_.worked();
}

std::size_t Connection::stream_output_mark() const {
    return queued_ > limits::connection_output ? limits::low_water / 4 : limits::high_water;
}

bool Connection::take_wide_window() {
    if (wide_windows_ == most_wide_windows) return false;
    ++wide_windows_;
    return true;
}

void Connection::call_later(Stream& stream) {
    if (std::exchange(stream.called_later_, true)) return;
    due_.push_back(&stream);
    flush_soon();
}

void Connection::call_due_streams() {
    for (std::size_t i = 0; i < due_.size(); ++i) {
        auto* const stream = due_[i];
        if (!stream) continue;
        stream->called_later_ = false;
        stream->end_of_turn();
    }
    due_.clear();
}

// ---- from the session

int Connection::on_begin_headers(nghttp2_frame const& frame) {
    reading_ = stream_for(frame);
    reading_since_ = now();
    if (reading_) reading_->begin_head(frame.headers.cat);
    return 0;
}

void Connection::on_header(std::string_view name, std::string_view value, bool never_index) {
    if (reading_) reading_->add_field(name, value, never_index);
}

/// PRIORITY means nothing any more (RFC 9113 section 5.3.2), so nghttp2 passes it over: only here can it be
/// counted.
int Connection::on_begin_frame(nghttp2_frame_hd const& header) {
    return unless(header.type == NGHTTP2_PRIORITY && !patience_.tolerates(now()));
}

int Connection::on_frame(nghttp2_frame const& frame) {
    switch (frame.hd.type) {
    case NGHTTP2_DATA: return on_data_frame(frame);
    case NGHTTP2_HEADERS:
        if (auto* const stream = std::exchange(reading_, nullptr))
            stream->head_complete((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0);
        return 0;
    case NGHTTP2_SETTINGS: return on_settings(frame);
    case NGHTTP2_PING:
        return (frame.hd.flags & NGHTTP2_FLAG_ACK) ? 0 : unless(!patience_.tolerates_ping(now()));
    case NGHTTP2_RST_STREAM:
        if (auto* const stream = find(frame.hd.stream_id)) stream->peer_reset();
        return unless(!patience_.tolerates(now()));
    case NGHTTP2_GOAWAY: draining_ = true; return on_goaway(frame.goaway);
    default: return 0;
    }
}

int Connection::on_data_frame(nghttp2_frame const& frame) {
    if (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) {
        if (auto* const stream = find(frame.hd.stream_id)) stream->peer_ended();
        return 0;
    }
    bool const empty = frame.hd.length == frame.data.padlen;
    return unless(empty && !patience_.tolerates(now()));
}

int Connection::on_settings(nghttp2_frame const& frame) {
    if (frame.hd.flags & NGHTTP2_FLAG_ACK) return 0;
    bool const first = !std::exchange(settled_, true);
    on_new_settings();
    return unless(!first && !patience_.tolerates(now()));
}

int Connection::unless(bool too_much) {
    if (!too_much) return 0;
    return break_off(ErrorCode::enhance_your_calm, FailureKind::h2,
                     "too many RST_STREAM, PING, SETTINGS or empty frames");
}

int Connection::on_invalid_frame(nghttp2_frame const&, char const* why) {
    complaint_ = why;
    return 0;
}

void Connection::on_data(std::int32_t stream_id, std::span<std::uint8_t const> piece) {
    patience_.worked();
    if (auto* const stream = find(stream_id))
        stream->data(piece);
    else
        nghttp2_session_consume_connection(session(), piece.size());
}

void Connection::on_last_head_sent(std::int32_t stream_id) {
    if (auto* const stream = find(stream_id)) stream->output_complete();
}

int Connection::on_stream_closed(std::int32_t stream_id, std::uint32_t error_code) {
    auto* const stream = find(stream_id);
    if (!stream) return 0;
    bool const made_to_reset = blames_peer(error_code) && !stream->peer_reset_;
    stream->closed(error_code);
    delete stream;
    on_stream_over();
    if (failure_) return NGHTTP2_ERR_CALLBACK_FAILURE;
    return unless(made_to_reset && !patience_.tolerates(now()));
}

int Connection::break_off(ErrorCode code, FailureKind kind, std::string detail) {
    if (!failure_) {
        failure_ = std::make_unique<tls::Failure>(failure(kind, std::move(detail)));
        failure_code_ = code;
    }
    return NGHTTP2_ERR_CALLBACK_FAILURE;
}

tls::Failure Connection::failure(FailureKind kind, std::string detail) const {
    return {peer_, tls::Phase::after, kind, std::nullopt, std::move(detail)};
}

// ---- from the byte stream

void Connection::on_readable() {
    for (std::size_t i = 0; i < limits::reads_per_turn && stage_ != Stage::over; ++i) {
        auto const got = stream_->read(scratch());
        if (got.status == Status::want_input) break;
        if (got.status == Status::closed)
            return lost(failure(FailureKind::eof, "the peer closed the connection"));
        if (got.status == Status::failed) return lost(stream_->failure());
        if (open() && !receive(scratch().first(got.bytes))) return;
    }
    if (!open()) return;
    flush_soon();
    if (output_full()) stream_->pause_reading(true);
}

bool Connection::receive(std::span<std::uint8_t const> bytes) {
    if (!settled_) on_first_bytes(bytes);
    auto const result = nghttp2_session_mem_recv(session(), bytes.data(), bytes.size());
    if (result >= 0 && !failure_) return true;
    auto const error = static_cast<int>(result);
    if (!failure_) {
        auto const code =
            error == NGHTTP2_ERR_FLOODED ? ErrorCode::enhance_your_calm : ErrorCode::protocol_error;
        break_off(code, FailureKind::h2, nghttp2_strerror(error));
    }
    say_goaway(failure_code_);
    fail(*failure_);
    return false;
}

void Connection::on_flush() {
    if (!open() || output_full()) return;
    produce();
    if (!open()) return;
    call_due_streams();
    if (open()) leave_if_done();
}

void Connection::produce() {
    for (;;) {
        std::uint8_t const* frame = nullptr;
        auto const size = nghttp2_session_mem_send(session(), &frame);
        if (size == 0) return;
        if (size < 0) {
            auto const why =
                failure_ ? *failure_ : failure(FailureKind::h2, nghttp2_strerror(static_cast<int>(size)));
            say_goaway(failure_ ? failure_code_ : ErrorCode::internal_error);
            return fail(why);
        }
        output().append(std::span{frame, static_cast<std::size_t>(size)});
    }
}

void Connection::leave_if_done() {
    if (draining_ && streams_.empty()) {
        say_goaway(ErrorCode::no_error);
        leave();
    } else if (!nghttp2_session_want_read(session()) && !nghttp2_session_want_write(session())) {
        // nghttp2 found a connection error, and has said GOAWAY
        fail(failure(FailureKind::h2, std::string("the peer broke HTTP/2: ").append(complaint())));
    }
}

void Connection::on_drained() {
    if (!open()) return;
    stream_->pause_reading(false);
    flush_soon();
}

void Connection::on_broken(tls::Failure const& failure) {
    lost(failure);
}

} // namespace alert40::proxy::http2
