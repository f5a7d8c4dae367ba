#pragma once

#include "net/byte_stream.hpp"
#include "proxy/exchange/downstream.hpp"

#include <chrono>
#include <memory>

namespace alert40::proxy {

/// A connection that is over for us, while the app may not have read yet what was said last. It gets FIN, and
/// what it sends is thrown away until it hangs up: a socket that is closed with bytes unread sends RST, which
/// overtakes an alert.
class LastWords final : public Downstream, net::ByteStream::Owner {
  public:
    /// What is in the stream's output goes first. The host outlives it.
    LastWords(std::unique_ptr<net::ByteStream> stream, DownstreamHost& host);

    void drain() override { close(); }

    void on_tick(std::chrono::steady_clock::time_point now) override;

  private:
    void on_readable() override;

    void on_drained() override {}

    void on_broken(tls::Failure const&) override { close(); }

    void close();

    std::unique_ptr<net::ByteStream> stream_;
    DownstreamHost& host_;
    std::chrono::steady_clock::time_point until_;
    bool over_ = false;
};

} // namespace alert40::proxy
