#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::test {

using H2Fields = std::vector<std::pair<std::string, std::string>>;

/// What one stream has received.
struct H2Received {
    std::vector<H2Fields> heads; ///< interim ones and trailers too
    std::string body;
    bool ended = false;
    std::optional<std::uint32_t> reset; ///< the error code, of whichever side

    /// The value of a field in the last head; empty: none.
    std::string operator[](std::string_view name) const;
};

/// The other end of an HTTP/2 connection on a socket of a pair: nghttp2 with its checks of messages turned
/// off, so that it also says what nobody may say. Never blocks; `pump` moves what there is.
class H2Peer {
  public:
    enum class Role : std::uint8_t { client, server };

    /// `manual_windows`: what comes in is not acknowledged before `consume`.
    struct Options {
        bool manual_windows = false;
        std::vector<nghttp2_settings_entry> settings;
        bool silent = false; ///< says nothing by itself: no preface, no SETTINGS
    };

    H2Peer(int fd, Role role, Options options);

    H2Peer(int fd, Role role)
        : H2Peer(fd, role, Options{}) {}

    ~H2Peer();
    H2Peer(H2Peer const&) = delete;
    H2Peer& operator=(H2Peer const&) = delete;

    /// Whether anything came in or went out.
    bool pump();

    void stop_reading(bool stopped) { reads_ = !stopped; }

    /// Closes the socket.
    void hang_up();

    // the client's part
    std::int32_t request(H2Fields const& fields, bool end = true);
    // the server's part, and both
    void head(std::int32_t stream, H2Fields const& fields, bool end = false);
    void body(std::int32_t stream, std::string_view piece, bool end = false);
    void trailers(std::int32_t stream, H2Fields const& fields);
    void reset(std::int32_t stream, std::uint32_t code);
    void goaway(std::int32_t last_stream, std::uint32_t code);
    void ping();
    void settings();
    void consume(std::int32_t stream, std::size_t n);
    /// Bytes as they are, behind what was said so far.
    void raw(std::string_view bytes);

    // what came
    H2Received& operator[](std::int32_t stream) { return streams_[stream]; }

    std::vector<std::int32_t> const& opened() const { return opened_; } ///< by the other side, in order

    std::optional<std::uint32_t> goaway_code() const { return goaway_code_; }

    std::int32_t goaway_last() const { return goaway_last_; }

    bool saw_end() const { return saw_end_; }

    std::uint32_t remote_setting(nghttp2_settings_id id) const {
        return nghttp2_session_get_remote_settings(session_, id);
    }

    /// What may still be sent on a stream.
    std::int32_t window(std::int32_t stream) const {
        return nghttp2_session_get_stream_remote_window_size(session_, stream);
    }

    unsigned window_updates() const { return window_updates_; } ///< for streams

    unsigned settings_acks() const { return settings_acks_; }

    struct Callbacks; ///< nghttp2's, in the .cpp

  private:
    struct Outgoing {
        std::string bytes;
        bool ended = false;
        bool no_end_stream = false;
    };

    bool receive();
    bool send();
    void note_frames(std::string_view bytes);
    nghttp2_data_provider body_of(std::int32_t stream);

    int fd_;
    nghttp2_session* session_ = nullptr;
    std::map<std::int32_t, H2Received> streams_;
    std::map<std::int32_t, Outgoing> outgoing_;
    std::vector<std::int32_t> opened_;
    std::string out_;
    std::string in_; ///< the beginning of a frame that is not here whole
    std::optional<std::uint32_t> goaway_code_;
    std::int32_t goaway_last_ = -1;
    unsigned window_updates_ = 0;
    unsigned settings_acks_ = 0;
    bool reads_ = true;
    bool saw_end_ = false;
    bool manual_;
    bool silent_;
    bool preface_seen_; ///< or none is to come
};

/// One frame as bytes, for what nghttp2 would not say.
std::string h2_frame(std::uint8_t type, std::uint8_t flags, std::int32_t stream, std::string_view payload);
/// A field line in HPACK, never indexed (RFC 7541 section 6.2.3). Lengths below 127.
std::string h2_field(std::string_view name, std::string_view value);

} // namespace alert40::test
