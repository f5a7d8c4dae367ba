#pragma once

#include "net/byte_stream.hpp"
#include "proxy/exchange/downstream.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace alert40::proxy {

/// What a client speaks, told by its first bytes.
enum class Protocol : std::uint8_t { undecided, http1, http2, tls, socks5 };

/// HTTP/2 begins with its preface (RFC 9113 section 3.4), TLS with a handshake record (RFC 8446 section 5.1),
/// SOCKS with its version (RFC 1928 section 3); everything else is HTTP/1.1 or will be refused by it.
Protocol detect(std::string_view first_bytes);

/// A connection until it has said enough to be known. An open connection that says nothing costs no buffer.
class Detection final : public Downstream, net::ByteStream::Owner {
  public:
    class Host {
      public:
        /// The stream begins with what was read to find out. The detection is over; the host destroys it
        /// later.
        virtual void detected(Detection& detection, Protocol protocol,
                              std::unique_ptr<net::ByteStream> stream) = 0;
        virtual void detection_ended(Detection& detection) = 0;

      protected:
        ~Host() = default;
    };

    Detection(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance, Host& host);

    std::shared_ptr<Entrance const> const& entrance() const { return entrance_; }

    /// When it has ended: how an app hung up that had said nothing; nothing: it did not, or it had.
    std::optional<tls::Failure> const& silent_end() const { return silent_end_; }

    void drain() override;
    void on_tick(std::chrono::steady_clock::time_point now) override;

  private:
    void on_readable() override;

    void on_drained() override {}

    void note_end(tls::engine::Status status);
    void on_broken(tls::Failure const& failure) override;

    std::unique_ptr<net::ByteStream> stream_;
    std::shared_ptr<Entrance const> entrance_;
    Host& host_;
    bytes::ByteQueue seen_;
    std::optional<tls::Failure> silent_end_;
    std::chrono::steady_clock::time_point since_; ///< the beginning, or the first byte
};

} // namespace alert40::proxy
