#pragma once

#include "net/byte_stream.hpp"
#include "net/dial.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/tunnel/split_output.hpp"
#include "proxy/tunnel/watched_handshake.hpp"
#include "proxy/upstream/ladder_run.hpp"

#include <memory>
#include <optional>

namespace alert40::proxy {

/// The far side of one CONNECT: the way to the target is dialled, and then bytes pass untouched in both
/// directions, read once into the other side's output and sent once a turn. While a handshake passes, a copy
/// of it is read.
///
///     dial -- failed --> the exchange gets an error
///      `---- socket --> assigned: 200, bytes, bytes ... both directions ended, or one broke --> over
class Tunnel final : public Responder, net::ByteStream::Owner {
  public:
    class Host {
      public:
        /// It is over, and is destroyed in a later turn.
        virtual void over(Tunnel& tunnel) = 0;
        /// The dial failed; the exchange wants an answer. `over` follows.
        virtual void refuse(Exchange& exchange, policy::Origin const& origin,
                            net::DialReport const& report) = 0;

      protected:
        ~Host() = default;
    };

    /// The parts and the host outlive it; the exchange says when it goes.
    Tunnel(UpstreamParts const& parts, Exchange& exchange, policy::Origin origin, policy::Decision decision,
           Host& host);

    /// Dials. One call of the host, or of `exchange.assign`, follows in a later turn.
    void start(std::vector<policy::Endpoint> own_listeners);
    /// Passes to this end of a socketpair instead, without a dial and without reading along; `was_reset` is
    /// shared with the other end.
    void start(net::Socket socket, std::shared_ptr<bool const> was_reset);
    /// The exchange no longer waits for it.
    void withdraw();

    std::size_t place = 0; ///< the host's own bookkeeping

  private:
    void dialled(net::Dialled dialled);
    void suffer(net::DialRequest& request);
    void open(net::Dialled dialled);

    // Responder
    void request(RequestHead& head, bool end) override;
    std::span<std::uint8_t> body_space(std::size_t at_least) override;
    void body_written(std::size_t n) override;
    void end(Fields const& trailers) override;
    void cancel() override;
    bool congested() const override;

    void more_response_body() override { stream_->flush_soon(); }

    // ByteStream::Owner
    void on_readable() override;
    void on_drained() override;
    void on_broken(tls::Failure const& failure) override;
    void on_flush() override;

    void server_said(std::span<std::uint8_t const> bytes);
    void server_ended();
    void broken(tls::Failure const& failure);
    void finish();

    UpstreamParts parts_;
    Exchange* exchange_; ///< null: it is gone
    policy::Origin origin_;
    policy::Decision decision_;
    Host& host_;
    std::unique_ptr<net::Dial> dial_;
    std::unique_ptr<WatchedHandshake> watched_; ///< null: nothing more to learn
    std::unique_ptr<net::ByteStream> stream_;
    std::shared_ptr<bool const> was_reset_; ///< null: there is no pair
    std::optional<SplitOutput> split_;      ///< until the hello is through; `watched_` stays as long
    std::vector<std::uint8_t> held_;        ///< for it: what the exchange writes into
    std::span<std::uint8_t> space_;         ///< that the exchange writes into
    bool over_ = false;
};

} // namespace alert40::proxy
