#pragma once

#include "proxy/exchange/upstream_connection.hpp"
#include "proxy/http2/connection.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace alert40::proxy::http2 {

/// The client's side of HTTP/2 (RFC 9113): a connection to an origin.
class ClientSession final : public UpstreamConnection, public Connection {
  public:
    ClientSession(std::unique_ptr<net::ByteStream> stream, UpstreamHost& host);

    std::size_t room() const override;

    std::size_t active() const override { return Connection::active(); }

    Responder& open(Exchange& exchange) override;
    bool carries_upgrade() const override;

    bool settled() const override { return Connection::settled(); }

    void drain() override { start_draining(); }

    void on_tick(Time now) override { tick(now, limits::idle_upstream); }

    void explain(tls::Failure& failure) const override { Connection::explain(failure); }

    // ---- for streams
    void responded() { responded_ = true; }

    /// The peer reset a stream; where that means that it does not speak HTTP/2 after all, the connection
    /// ends.
    void stream_refused(std::uint32_t error_code);

    /// GOAWAY told that the request was not acted on.
    bool unprocessed(std::int32_t stream_id) const { return stream_id < 0 || stream_id > last_processed_; }

    /// Why a stream of ours ended that the peer did not reset.
    tls::Failure stream_failure(std::uint32_t error_code) const;

  private:
    Stream* stream_for(nghttp2_frame const& headers) override { return find(headers.hd.stream_id); }

    void on_new_settings() override { host_.has_room(*this); }

    int on_goaway(nghttp2_goaway const& goaway) override;
    void on_first_bytes(std::span<std::uint8_t const> bytes) override;
    void on_stream_over() override;
    void on_failure(tls::Failure& failure) override;

    void report_closed() override { host_.closed(*this, std::move(failure_)); }

    UpstreamHost& host_;
    std::optional<tls::Failure> failure_; ///< how it ended, if not in order
    std::optional<std::uint32_t> goaway_; ///< its error code
    std::int32_t last_processed_ = std::numeric_limits<std::int32_t>::max();
    bool responded_ = false; ///< something of a response has come
    bool refused_ = false;
    bool spoke_http1_ = false;
};

} // namespace alert40::proxy::http2
