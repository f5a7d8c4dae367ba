#pragma once

#include "bytes/byte_queue.hpp"
#include "proxy/http2/error_code.hpp"
#include "proxy/message/message.hpp"
#include "proxy/message/recycled.hpp"
#include "tls/failure.hpp"

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace alert40::proxy::http2 {

class Connection;

inline constexpr std::size_t streams_kept = 1024; ///< the busy streams of a few connections

/// What a stream is on either side: a body that waits to be sent, a window for the one that arrives, and the
/// events of its session. Owned by its connection from `Connection::adopt` to `closed` or `lost`.
class Stream {
  public:
    explicit Stream(Connection& connection)
        : connection_(connection) {}

    virtual ~Stream();
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;

    std::int32_t id() const { return id_; }

    // ---- from the session, inside nghttp2_session_mem_recv or _mem_send
    virtual void begin_head(nghttp2_headers_category category) = 0;
    virtual void add_field(std::string_view name, std::string_view value, bool never_index) = 0;
    virtual void head_complete(bool end) = 0;
    virtual void data(std::span<std::uint8_t const> piece) = 0;
    virtual void peer_ended() = 0;

    void peer_reset() { peer_reset_ = true; } ///< `closed` follows

    /// END_STREAM of ours is in the output. (RST_STREAM before would take back what is not.)
    virtual void output_complete() = 0;
    /// The stream is over; the last call before it is destroyed.
    virtual void closed(std::uint32_t error_code) = 0;

    // ---- from the connection
    /// The connection is over. The last call before it is destroyed.
    virtual void lost(tls::Failure const& failure) = 0;
    /// At the end of a turn, after `Connection::call_later`.
    virtual void end_of_turn() = 0;

    /// nghttp2's send_data_callback.
    static int send_data(nghttp2_session*, nghttp2_frame* frame, std::uint8_t const* frame_header,
                         std::size_t size, nghttp2_data_source* source, void* user_data);

  protected:
    // the body on its way to the peer
    std::span<std::uint8_t> space(std::size_t at_least) { return queue_.prepare(at_least); }

    void written(std::size_t n);
    void end_output(Fields const& trailers);

    bool output_ended() const { return ended_; }

    bool output_congested() const;
    /// True once after the output was congested and has drained.
    bool take_drained();
    /// What is written and not ended yet follows the head that is submitted with this.
    nghttp2_data_provider body_provider();
    /// RST_STREAM, at once, or behind what waits to be sent.
    void reset(ErrorCode code);
    void reset_after_output(ErrorCode code);

    // the body that comes from the peer: its window opens again when it was passed on
    void hold(std::size_t n) { held_ += n; }

    void pass_on();

    Connection& connection_;
    std::int32_t id_ = -1;
    bool peer_reset_ = false;

  private:
    friend class Connection;

    struct Trailers {
        Arena arena;
        Fields fields;
    };

    static ssize_t read_data(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t most,
                             std::uint32_t* flags, nghttp2_data_source* source, void*);
    ssize_t next_data(std::size_t most, std::uint32_t& flags);
    void submit_trailers();
    void resume();
    void widen_window();

    std::size_t index_ = 0; ///< in the connection's list
    bytes::ByteQueue queue_;
    std::unique_ptr<Trailers> trailers_;
    std::optional<ErrorCode> reset_when_sent_;
    std::size_t held_ = 0;      ///< received, not passed on
    std::size_t passed_on_ = 0; ///< since the stream began
    bool ended_ = false;
    bool deferred_ = false; ///< nghttp2 asked for data when there was none, and waits for `resume`
    mutable bool was_congested_ = false; ///< somebody was told so, and waits to hear that it has drained
    bool called_later_ = false;          ///< in the connection's list for the end of the turn
    bool wide_ = false;                  ///< its window has grown
};

} // namespace alert40::proxy::http2
