#pragma once

#include "net/byte_stream.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/http2/error_code.hpp"
#include "proxy/http2/patience.hpp"
#include "proxy/http2/session.hpp"
#include "proxy/message/limits.hpp"
#include "tls/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::proxy::http2 {

class Stream;

/// A session on a byte stream: what both sides of HTTP/2 have in common.
///
///     on_readable -> nghttp2_session_mem_recv -> on_frame, on_data, ... -> Stream -> Exchange
///     on_flush    -> nghttp2_session_mem_send -> output, once a turn
///
/// It is `open`, then `leaving` (GOAWAY is said, no stream is left, the peer has a moment to read it), then
/// `over`.
class Connection : public net::ByteStream::Owner {
  public:
    using Time = std::chrono::steady_clock::time_point;

    virtual ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    // ---- for streams
    nghttp2_session* session() const { return session_.get(); }

    bytes::ByteQueue& output() { return stream_->output(); }

    bool output_full() const { return stream_->unsent() >= limits::high_water; }

    void flush_soon() { stream_->flush_soon(); }

    bool is_tls() const { return stream_->is_tls(); }

    void explain(tls::Failure& failure) const { stream_->explain(failure); }

    Time now() const { return stream_->loop().now(); }

    void body_queued(std::size_t n) { queued_ += n; }

    void body_sent(std::size_t n);
    /// From how much unsent body on a stream is congested: less where many hold much.
    std::size_t stream_output_mark() const;
    /// `Stream::end_of_turn` is called once what this turn had to say is in the output.
    void call_later(Stream& stream);
    /// Whether one more stream may have limits::stream_window: all windows together fit into the
    /// connection's, so that streams which are not read can never stall the others.
    bool take_wide_window();
    void forget(Stream& stream);
    /// Ends all of it on purpose, for the sake of this stream, and destroys all streams.
    void break_off(Breach const& breach, std::int32_t stream_id);
    /// Something that the peer did, after the handshake.
    tls::Failure failure(tls::FailureKind kind, std::string detail) const;

    /// What nghttp2 found wrong last, in its words.
    std::string_view complaint() const { return complaint_ ? complaint_ : "against the protocol"; }

    // ---- from the session; other than 0: break off
    int on_begin_headers(nghttp2_frame const& frame);
    void on_header(std::string_view name, std::string_view value, bool never_index);
    int on_begin_frame(nghttp2_frame_hd const& header);
    int on_frame(nghttp2_frame const& frame);
    int on_invalid_frame(nghttp2_frame const& frame, char const* why);
    void on_data(std::int32_t stream_id, std::span<std::uint8_t const> piece);
    /// HEADERS with END_STREAM.
    void on_last_head_sent(std::int32_t stream_id);
    int on_stream_closed(std::int32_t stream_id, std::uint32_t error_code);

  protected:
    Connection(std::unique_ptr<net::ByteStream> stream, tls::By peer);

    /// Takes over a session that has queued what it says first.
    void start(Session session);
    Stream& adopt(std::unique_ptr<Stream> stream);

    Stream* find(std::int32_t stream_id);

    std::size_t active() const { return streams_.size(); }

    /// Neither over nor about to be.
    bool usable() const { return stage_ == Stage::open && !failure_; }

    bool settled() const { return settled_; }

    bool draining() const { return draining_; }

    /// Takes no new streams, and leaves when the last one is over.
    void start_draining();
    /// Says what waits to be said and GOAWAY, and ends the connection before any request.
    void greet_and_leave(std::uint32_t code);
    /// For use inside a callback of the session, which then returns its result.
    int break_off(ErrorCode code, tls::FailureKind kind, std::string detail);
    void tick(Time now, std::chrono::steady_clock::duration idle_time);

    // what the sides do differently
    /// The stream of this HEADERS frame, a new one included; null: its fields are not wanted.
    virtual Stream* stream_for(nghttp2_frame const& headers) = 0;

    virtual void on_new_settings() {}

    virtual int on_goaway(nghttp2_goaway const&) { return 0; }

    virtual void on_first_bytes(std::span<std::uint8_t const>) {}

    /// One stream less is active.
    virtual void on_stream_over() {}

    /// The connection fails; its streams are told next. May sharpen `failure`.
    virtual void on_failure(tls::Failure&) {}

    virtual void report_closed() = 0;

  private:
    enum class Stage : std::uint8_t { open, leaving, over };

    void on_readable() override;
    void on_drained() override;
    void on_broken(tls::Failure const& failure) override;
    void on_flush() override;

    bool open() const { return stage_ == Stage::open; }

    bool receive(std::span<std::uint8_t const> bytes);
    void produce();
    void call_due_streams();
    void leave_if_done();
    int unless(bool too_much);
    int on_data_frame(nghttp2_frame const& frame);
    int on_settings(nghttp2_frame const& frame);

    void say_goaway(std::uint32_t code, std::int32_t last_stream_id);
    void say_goaway(ErrorCode code);
    void fail(tls::Failure failure);
    void lost(tls::Failure failure);
    void end_streams(tls::Failure const& failure);
    void leave();
    void close();
    bool stalled(Time now);
    void rest();

    std::unique_ptr<net::ByteStream> stream_;
    Session session_;
    std::vector<Stream*> streams_;
    std::vector<Stream*> due_;              ///< for `end_of_turn`; null: gone meanwhile
    Stream* reading_ = nullptr;             ///< whose header block is coming in
    std::unique_ptr<tls::Failure> failure_; ///< why it is to be broken off
    Patience patience_;
    std::size_t queued_ = 0; ///< bodies that wait in streams
    std::uint64_t data_sent_ = 0;
    std::uint64_t last_progress_ = 0;
    char const* complaint_ = nullptr;
    Time began_;
    Time progress_at_;
    Time idle_since_;
    Time reading_since_{};
    Time leave_until_{};
    unsigned wide_windows_ = 0;
    ErrorCode failure_code_ = ErrorCode::no_error;
    tls::By peer_;
    Stage stage_ = Stage::open;
    bool settled_ = false;
    bool draining_ = false;
    bool final_goaway_due_ = false;
    bool resting_ = false; ///< no stream for a while: the session keeps no more than it has to
};

} // namespace alert40::proxy::http2
