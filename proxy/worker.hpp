#pragma once

#include "net/loop/event_loop.hpp"
#include "net/resolver/resolver.hpp"
#include "proxy/detection.hpp"
#include "proxy/exchange/downstream.hpp"
#include "proxy/fault/fault_play.hpp"
#include "proxy/intercept/tls_gate.hpp"
#include "proxy/listener.hpp"
#include "proxy/switchboard.hpp"
#include "proxy/tunnel/tunnels.hpp"
#include "proxy/upstream/pool.hpp"

#include <chrono>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace alert40::proxy {

/// One thread of the proxy with everything that it needs: loop, listeners, connections, pool. Workers share
/// nothing but the snapshot, the ladder registry, the interceptor, the book of faults and the sink.
class Worker final : public Listener::Host,
                     public Detection::Host,
                     public DownstreamHost,
                     TlsGate::Host,
                     FaultPlay::Host,
                     Tunnels::Host,
                     net::Ticking {
  public:
    Worker(std::shared_ptr<Snapshot const> snapshot, LadderRegistry& registry, Interceptor& interceptor,
           FaultBook& faults, record::Sink& sink, Diagnostician* diagnostician = nullptr);
    ~Worker() override;

    void start();
    // From the controlling thread; each takes effect on the worker's own.
    void listen(net::Socket socket, std::shared_ptr<Entrance const> entrance);
    /// Connections that came in there finish what is under way. Those that wait to be accepted are given a
    /// tick to say what they want.
    void stop_listening(std::shared_ptr<Entrance const> entrance);
    void use(std::shared_ptr<Snapshot const> snapshot);
    /// Counts down when all that was asked before has taken effect. Shared with the other workers, the last
    /// of which may still be at it when the wait is over.
    void report(std::shared_ptr<std::latch> done);
    /// Finishes what is under way, at most for limits::drain_time, and ends the thread.
    void drain();
    void stop();
    void join();

  private:
    struct Guest;

    /// What nobody listens for any more, and who came in there last may still say what they want.
    struct Closed {
        std::shared_ptr<Entrance const> entrance; ///< shared with its connections
        std::chrono::steady_clock::time_point since;
    };

    void accepted(net::Socket socket, std::shared_ptr<Entrance const> entrance) override;
    void detected(Detection& detection, Protocol protocol, std::unique_ptr<net::ByteStream> stream) override;
    void detection_ended(Detection& detection) override;
    void closed(Downstream& connection) override;
    void upgrade(Downstream& connection, std::unique_ptr<net::ByteStream> stream,
                 Http2Upgrade upgrade) override;
    void intercept(Downstream& connection, std::unique_ptr<net::ByteStream> stream,
                   policy::Origin const& target) override;

    // Tunnels::Host
    bool distrusted(std::string_view host) const override { return interceptor_.distrusted(host); }

    void intercept(net::Socket socket, Entrance const& entrance, policy::Origin const& target) override;
    // TlsGate::Host
    policy::Decision decide(policy::Origin const& target, Entrance const& entrance,
                            tls::Offered const* hello) override;
    void pass(TlsGate& gate, std::unique_ptr<net::ByteStream> stream, policy::Origin const& target,
              std::shared_ptr<AppHello const> hello) override;
    void opened(TlsGate& gate, std::unique_ptr<net::ByteStream> stream, std::optional<policy::Origin> target,
                std::shared_ptr<AppHello const> hello, std::optional<Blow> blow) override;

    void gate_closed(TlsGate& gate) override { remove(gate); }

    void gate_closed(TlsGate& gate, std::unique_ptr<net::ByteStream> stream) override;

    std::optional<Blow> blow(policy::Decision const& decision, Moment const& moment) override;
    void struck(TlsGate& gate, std::unique_ptr<net::ByteStream> stream, policy::Origin const& target,
                std::shared_ptr<AppHello const> hello, Blow blow) override;
    // FaultPlay::Host
    void play_over(FaultPlay& play, std::unique_ptr<net::ByteStream> stream,
                   policy::Origin const& target) override;

    void play_closed(FaultPlay& play) override { remove(play); }

    void on_tick(std::chrono::steady_clock::time_point now) override;

    void detect(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance);
    void add_gate(std::unique_ptr<net::ByteStream> stream, std::shared_ptr<Entrance const> entrance,
                  std::optional<policy::Origin> target);
    void add_play(std::unique_ptr<net::ByteStream> stream, FaultPlay::Victim victim, Blow blow);
    Http2Flaws http2_flaws(Entrance const& entrance);
    std::optional<Blow> blow_at_connect(Entrance const& entrance, policy::Origin const& target);
    DownstreamParts parts(std::unique_ptr<net::ByteStream> stream, Entrance const& entrance);
    std::unique_ptr<Downstream> http2_connection(std::unique_ptr<net::ByteStream> stream,
                                                 Entrance const& entrance,
                                                 std::optional<Http2Upgrade> upgrade);
    void add(std::unique_ptr<Downstream> connection, std::shared_ptr<Entrance const> entrance);
    std::shared_ptr<Entrance const> remove(Downstream& connection);
    void refused_silently(Entrance const& entrance, tls::Failure failure);
    std::string what_follows_distrust(Entrance const& entrance);
    void drain_guests();
    void drain_guests_of(Entrance const& entrance);
    void stop_if_drained();

    net::EventLoop loop_;
    net::Resolver resolver_;
    std::shared_ptr<Snapshot const> snapshot_; ///< shared with the other workers
    Interceptor& interceptor_;
    FaultBook& faults_;
    record::Sink& sink_;
    Pool pool_;
    Tunnels tunnels_;
    Switchboard switchboard_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::vector<std::unique_ptr<Guest>> guests_; ///< a connection's `place` is its index
    std::vector<Closed> closed_;                 ///< a moment ago
    std::optional<std::chrono::steady_clock::time_point> draining_since_;
    std::thread thread_;
};

} // namespace alert40::proxy
