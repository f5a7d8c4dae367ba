#pragma once

#include "net/byte_stream.hpp"
#include "net/client_handshake.hpp"
#include "net/loop/deadline.hpp"
#include "policy/decision.hpp"
#include "proxy/exchange/downstream.hpp"
#include "proxy/fault/fault_book.hpp"
#include "proxy/intercept/disguise.hpp"
#include "proxy/intercept/interceptor.hpp"
#include "record/sink.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alert40::proxy {

/// A connection of an app that speaks TLS to us, up to where it is decided what becomes of it:
///
///     reading the ClientHello -- watch, not TLS, or silence --> passed on untouched
///                              `-- intercept --> handshake with a leaf for its target --> plaintext,
///                              detected anew
///                              `-- block --> alert 49
///
/// Its target is what CONNECT or a mapped listener named, or the name in the hello, or nothing: then the app
/// uses us as an HTTPS proxy.
class TlsGate final : public Downstream, net::ByteStream::Owner {
  public:
    class Host {
      public:
        virtual policy::Decision decide(policy::Origin const& target, Entrance const& entrance,
                                        tls::Offered const* hello) = 0;
        /// Its bytes are to pass: they wait in the stream. `hello` is null where it is not TLS.
        virtual void pass(TlsGate& gate, std::unique_ptr<net::ByteStream> stream,
                          policy::Origin const& target, std::shared_ptr<AppHello const> hello) = 0;
        /// Its TLS ended here; `target` is empty where the app means us. `blow` is what it is to suffer
        /// first.
        virtual void opened(TlsGate& gate, std::unique_ptr<net::ByteStream> stream,
                            std::optional<policy::Origin> target, std::shared_ptr<AppHello const> hello,
                            std::optional<Blow> blow) = 0;
        virtual void gate_closed(TlsGate& gate) = 0;
        /// The same after an alert of ours, which may still be in the stream's output.
        virtual void gate_closed(TlsGate& gate, std::unique_ptr<net::ByteStream> stream) = 0;
        /// What the faults of this decision do at this point to an app with this hello; nothing: it goes on.
        virtual std::optional<Blow> blow(policy::Decision const& decision, Moment const& moment) = 0;
        /// It is to suffer this. Its bytes wait in the stream.
        virtual void struck(TlsGate& gate, std::unique_ptr<net::ByteStream> stream,
                            policy::Origin const& target, std::shared_ptr<AppHello const> hello,
                            Blow blow) = 0;

      protected:
        ~Host() = default;
    };

    /// The references outlive it. `target` is empty for a listener that learns it from the hello, or none.
    TlsGate(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance,
            std::optional<policy::Origin> target, Interceptor& interceptor, record::Sink& sink, Host& host);
    ~TlsGate() override;

    /// The IP literal that the app wanted to connect to, where its target is now the name in its hello; else
    /// empty.
    std::string const& address() const { return address_; }

    /// Of the handshake that it has recorded.
    std::string const& record_id() const { return record_.id; }

    /// The rule whose faults had a part in that handshake; or empty.
    std::string const& injected_by() const { return record_.injected_by; }

    void drain() override { close(); }

    void on_tick(std::chrono::steady_clock::time_point now) override;

  private:
    void on_readable() override;

    void on_drained() override {}

    void on_broken(tls::Failure const&) override { close(); }

    void decide();
    void decide_about(policy::Origin const& rule_target);
    bool stands_for_origin() const;
    Moment moment(policy::FaultPoint at) const;
    bool suffers();
    void put_on_disguise();
    bool fails_within() const;
    struct Server;
    boost::system::result<Server, std::string> server_for(std::string_view name);
    void do_as_decided(policy::Origin const& rule_target);
    void name_target(policy::Origin const& named);
    void pass();
    void end_here();
    void handshake_over(std::optional<tls::Failure> failure);
    void note_distrust(tls::Failure const& failure);
    void write_record(std::optional<tls::Failure> failure);
    void refuse(tls::AlertDescription alert);
    void close();

    net::EventLoop& loop_;
    std::unique_ptr<net::ByteStream> stream_;  ///< null once the handshake has its socket
    std::shared_ptr<Entrance const> entrance_; ///< shared with the listener and its other connections
    std::optional<policy::Origin> target_;
    Interceptor& interceptor_;
    record::Sink& sink_;
    Host& host_;
    bytes::ByteQueue seen_;
    tls::watch::HandshakeWatch watch_;
    std::shared_ptr<AppHello const> hello_;
    policy::Decision decision_;
    Disguise disguise_;
    std::string address_;
    std::string rule_host_; ///< that it was decided about
    record::HandshakeRecord record_;
    net::Socket socket_;
    std::unique_ptr<tls::engine::Connection> tls_;
    std::optional<net::ClientHandshake> handshake_; ///< after what it borrows
    net::Deadline deadline_;
    std::chrono::steady_clock::time_point since_;
    /// That the hello came in, once it is whole; before that, those that were not of it. Nothing: it is no
    /// TCP.
    std::optional<std::size_t> segments_;
    bool over_ = false;
};

} // namespace alert40::proxy
