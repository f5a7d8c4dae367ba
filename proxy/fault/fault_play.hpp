#pragma once

#include "net/byte_stream.hpp"
#include "net/loop/deadline.hpp"
#include "proxy/exchange/downstream.hpp"
#include "proxy/fault/fault_book.hpp"
#include "record/sink.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace alert40::proxy {

/// An app's connection that is made to fail, by bytes on the wire:
///
///     delay, warning ... -- nothing else --> the connection goes on as if nothing had been
///                         `-- alert, garbage, plain HTTP, FIN --> leaving: what comes is thrown away
///                         |-- silence --> the same, until the app gives up
///                         `-- reset --> over
///
/// The bytes that the app has sent are not touched while it may go on.
class FaultPlay final : public Downstream, net::ByteStream::Owner {
  public:
    class Host {
      public:
        /// The blow did not end it: on with it, for `target`.
        virtual void play_over(FaultPlay& play, std::unique_ptr<net::ByteStream> stream,
                               policy::Origin const& target) = 0;
        virtual void play_closed(FaultPlay& play) = 0;

      protected:
        ~Host() = default;
    };

    /// What it is done to.
    struct Victim {
        std::shared_ptr<Entrance const> entrance; ///< shared with the listener and its other connections
        policy::Origin target;
        std::shared_ptr<AppHello const> hello; ///< null: none is known
    };

    /// The references outlive it.
    FaultPlay(std::unique_ptr<net::ByteStream> stream, Victim victim, Blow blow, record::Sink& sink,
              Host& host);

    void drain() override { close(); }

    void on_tick(std::chrono::steady_clock::time_point now) override;

  private:
    void on_readable() override;

    void on_drained() override {}

    void on_broken(tls::Failure const&) override { close(); }

    void on_flush() override;

    void play();
    std::string say(policy::FaultAction const& action);
    std::string say_alert(policy::fault::Alert const& alert);
    void end_by(policy::FaultAction const& action);
    void write_record(std::optional<tls::Failure> failure);
    void write_failure(tls::Failure failure);
    void leave(std::chrono::steady_clock::duration at_most);
    void close();

    std::unique_ptr<net::ByteStream> stream_;
    Victim victim_;
    Blow blow_;
    record::Sink& sink_;
    Host& host_;
    std::size_t next_ = 0; ///< of the actions
    net::Deadline deadline_;
    std::chrono::steady_clock::time_point since_;
    std::optional<std::chrono::steady_clock::time_point> leaves_by_;
    bool begun_ = false;
    bool over_ = false;
};

} // namespace alert40::proxy
