#include "proxy/http2/stream.hpp"

#include "proxy/http2/connection.hpp"
#include "proxy/http2/field_block.hpp"
#include "proxy/message/limits.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy::http2 {
namespace {

/// A stream that was sent this much, and got rid of it, deserves more than the first window.
constexpr std::size_t worth_widening = NGHTTP2_INITIAL_WINDOW_SIZE / 4;

} // namespace

Stream::~Stream() {
    connection_.forget(*this);
}

// ---- the body on its way to the peer

void Stream::written(std::size_t n) {
    if (n == 0) return;
    queue_.commit(n);
    connection_.body_queued(n);
    resume();
}

void Stream::end_output(Fields const& trailers) {
    ended_ = true;
    if (!trailers.empty()) {
        trailers_ = std::make_unique<Trailers>();
        for (auto const& field : trailers)
            trailers_->fields.push_back({trailers_->arena.copy(field.name),
                                         trailers_->arena.copy(field.value), field.id, field.never_index});
    }
    resume();
}

bool Stream::output_congested() const {
    bool const congested = queue_.size() >= connection_.stream_output_mark();
    was_congested_ = was_congested_ || congested;
    return congested;
}

bool Stream::take_drained() {
    return was_congested_ && queue_.size() <= connection_.stream_output_mark() / 4 &&
           std::exchange(was_congested_, false);
}

nghttp2_data_provider Stream::body_provider() {
    return {.source = {.ptr = this}, .read_callback = read_data};
}

void Stream::resume() {
    if (std::exchange(deferred_, false)) nghttp2_session_resume_data(connection_.session(), id_);
    connection_.flush_soon();
}

ssize_t Stream::read_data(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t most,
                          std::uint32_t* flags, nghttp2_data_source* source, void*) {
    return static_cast<Stream*>(source->ptr)->next_data(most, *flags);
}

ssize_t Stream::next_data(std::size_t most, std::uint32_t& flags) {
    if (queue_.empty() && !ended_) {
        if (reset_when_sent_) reset(*reset_when_sent_);
        deferred_ = true;
        return NGHTTP2_ERR_DEFERRED;
    }
    auto const n = std::min(most, queue_.size());
    flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (ended_ && n == queue_.size()) {
        flags |= NGHTTP2_DATA_FLAG_EOF;
        if (trailers_) {
            flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
            submit_trailers();
        }
    }
    return static_cast<ssize_t>(n);
}

void Stream::submit_trailers() {
    FieldBlock block(FieldBlock::Text::borrowed);
    block.add_fields(trailers_->fields, trailers_->arena);
    nghttp2_submit_trailer(connection_.session(), id_, block.data(), block.size());
}

int Stream::send_data(nghttp2_session*, nghttp2_frame* frame, std::uint8_t const* frame_header,
                      std::size_t size, nghttp2_data_source* source, void*) {
    constexpr std::size_t frame_header_size = 9;
    auto& stream = *static_cast<Stream*>(source->ptr);
    auto& connection = stream.connection_;
    connection.output().append(std::span{frame_header, frame_header_size});
    connection.output().append(stream.queue_.data().first(size));
    stream.queue_.consume(size);
    connection.body_sent(size);
    if (stream.was_congested_) connection.call_later(stream);
    if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) stream.output_complete();
    return connection.output_full() ? NGHTTP2_ERR_PAUSE : 0;
}

void Stream::reset(ErrorCode code) {
    nghttp2_submit_rst_stream(connection_.session(), NGHTTP2_FLAG_NONE, id_,
                              static_cast<std::uint32_t>(code));
    connection_.flush_soon();
}

void Stream::reset_after_output(ErrorCode code) {
    if (queue_.empty()) {
        reset(code);
    } else {
        reset_when_sent_ = code;
        resume();
    }
}

// ---- the body that comes from the peer

void Stream::pass_on() {
    if (held_ == 0) return;
    passed_on_ += held_;
    nghttp2_session_consume(connection_.session(), id_, std::exchange(held_, 0));
    if (!wide_ && passed_on_ >= worth_widening) widen_window();
    connection_.flush_soon();
}

void Stream::widen_window() {
    if (!connection_.take_wide_window()) return;
    wide_ = true;
    nghttp2_session_set_local_window_size(connection_.session(), NGHTTP2_FLAG_NONE, id_,
                                          limits::stream_window);
}

} // namespace alert40::proxy::http2
