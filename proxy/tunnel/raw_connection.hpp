#pragma once

#include "bytes/byte_queue.hpp"
#include "proxy/exchange/downstream.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace alert40::proxy {

/// A connection of an app that is nothing but a tunnel once its target is known: by SOCKS5, or by the name in
/// a ClientHello. What its kind has to say before that is its kind's; the bytes afterwards are passed here.
///
///     talking -- ask() --> asking -- 200 --> passing -- the target ended, or refused --> leaving --> over
class RawConnection : public Downstream, protected net::ByteStream::Owner, protected Requester {
  public:
    void drain() override;
    void on_tick(std::chrono::steady_clock::time_point now) override;

  protected:
    explicit RawConnection(DownstreamParts parts);

    /// While talking: `seen` may have grown. Consumes what it has understood, and may `ask` or `leave`.
    virtual void talk(bytes::ByteQueue& seen) = 0;
    /// Appends what tells the app that bytes may follow.
    virtual void granted(bytes::ByteQueue& output) = 0;
    /// Appends what tells the app that there will be no tunnel. `status` is HTTP's.
    virtual void refused(unsigned status, bytes::ByteQueue& output) = 0;

    /// Asks for a tunnel to HOST:PORT.
    void ask(std::string_view authority);
    /// Sends what waits, and closes.
    void leave();
    void say(std::span<std::uint8_t const> bytes);

    Entrance const& entrance() const { return entrance_; }

  private:
    enum class Stage : std::uint8_t { talking, asking, passing, leaving, over };

    // ByteStream::Owner
    void on_readable() override;
    void on_drained() override;

    void on_broken(tls::Failure const&) override { close(); }

    void on_flush() override;

    // Requester
    void informational(ResponseHead&) override {}

    void response(ResponseHead& head, bool end) override;
    std::span<std::uint8_t> body_space(std::size_t at_least) override;
    void body_written(std::size_t n) override;

    void end(Fields const&) override { leave(); }

    void abort(Abort reason) override;
    bool congested() const override;

    void more_request_body() override { stream_->flush_soon(); }

    bool give_stream(policy::Origin const& target) override;

    void listen();
    void pass();
    void discard();
    void close();

    std::unique_ptr<net::ByteStream> stream_;
    Dispatcher& dispatcher_;
    Entrance const& entrance_;
    DownstreamHost& host_;
    std::unique_ptr<Exchange> exchange_;
    bytes::ByteQueue seen_;                       ///< received, and not yet the tunnel's
    std::chrono::steady_clock::time_point since_; ///< the beginning, or leaving
    std::size_t unsent_ = 0;                      ///< at the last tick, while leaving
    Stage stage_ = Stage::talking;
    bool client_ended_ = false;
};

} // namespace alert40::proxy
