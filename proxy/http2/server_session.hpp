#pragma once

#include "proxy/exchange/downstream.hpp"
#include "proxy/http2/connection.hpp"

#include <optional>

namespace alert40::proxy::http2 {

/// The server's side of HTTP/2 (RFC 9113): an app's connection.
class ServerSession final : public Downstream, public Connection {
  public:
    ServerSession(DownstreamParts parts, std::optional<Http2Upgrade> upgrade);

    void drain() override { start_draining(); }

    void on_tick(Time now) override { tick(now, limits::idle_downstream); }

    Dispatcher& dispatcher() { return dispatcher_; }

    Entrance const& entrance() const { return entrance_; }

  private:
    Stream* stream_for(nghttp2_frame const& headers) override;

    void report_closed() override { host_.closed(*this); }

    void take_over(Http2Upgrade upgrade, Http2Flaws const& flaws);

    Dispatcher& dispatcher_;
    Entrance const& entrance_;
    DownstreamHost& host_;
};

} // namespace alert40::proxy::http2
