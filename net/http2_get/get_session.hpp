#pragma once

#include "bytes/byte_queue.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

struct nghttp2_session;

namespace alert40::net {

/// The client's end of an HTTP/2 connection (RFC 9113) on which nothing is asked but by GET: bytes in, bytes
/// out, without a socket or a clock.
class GetSession {
  public:
    /// What the server says, during `receive`. Views end with the call.
    class Listener {
      public:
        /// Of a head or of trailers.
        virtual void on_field(std::int32_t stream, std::string_view name, std::string_view value) = 0;
        virtual void on_data(std::int32_t stream, std::span<std::uint8_t const> bytes) = 0;
        /// It has ended, by `code` (RFC 9113 section 7) of whichever side; 0: in order.
        virtual void on_close(std::int32_t stream, std::uint32_t code) = 0;
        virtual void on_goaway(std::uint32_t code) = 0;

        /// SETTINGS, with SETTINGS_INITIAL_WINDOW_SIZE where it is in them.
        virtual void on_settings(std::optional<std::uint32_t> /*initial_window*/) {}

        virtual void on_settings_acknowledged() {}

      protected:
        ~Listener() = default;
    };

    using Field = std::pair<std::string_view, std::string_view>; ///< the name in small letters

    explicit GetSession(Listener& listener);
    ~GetSession();
    GetSession(GetSession const&) = delete;
    GetSession& operator=(GetSession const&) = delete;

    /// The preface and SETTINGS.
    void begin(bytes::ByteQueue& out);
    /// The stream on which `target`, of https, is asked for. Nothing: the server takes no more.
    std::optional<std::int32_t> get(std::string_view authority, std::string_view target,
                                    std::span<Field const> more, bytes::ByteQueue& out);
    /// By RST_STREAM with CANCEL.
    void cancel(std::int32_t stream);
    /// False: the connection is over, or the server does not keep to HTTP/2.
    bool receive(std::span<std::uint8_t const> bytes, bytes::ByteQueue& out);

  private:
    struct Callbacks;

    struct Deleter {
        void operator()(nghttp2_session* session) const;
    };

    void send(bytes::ByteQueue& out);

    Listener& listener_;
    std::unique_ptr<nghttp2_session, Deleter> session_;
};

} // namespace alert40::net
