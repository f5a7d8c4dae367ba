#pragma once

#include "net/connect_race.hpp"
#include "net/dial.hpp"
#include "net/proxy_tunnel.hpp"
#include "net/resolver/resolver.hpp"
#include "net/socket.hpp"
#include "tls/failure.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alert40::net {

/// The way to an origin, up to where TLS begins.
///
///     choose -> [ resolve the origin ] -> [ resolve the proxy ] -> connect -> [ ask the proxy ] -> a socket
class Path {
  public:
    using Done = std::function<void(boost::system::result<Socket, tls::Failure>)>;
    using Clock = std::chrono::steady_clock;

    /// Borrows `request` and `report`, and writes what it learns into the report, times counted from
    /// `started`.
    Path(EventLoop& loop, Resolver& resolver, DialRequest const& request, Clock::time_point started,
         DialReport& report);

    /// `done` is called once, possibly before this returns; from within it the destruction of this is up to
    /// EventLoop::destroy_later.
    void start(Done done);
    /// Closes everything; `done` is not called.
    void cancel();
    /// Ends it without an answer, `after` so long; `done` is called.
    void time_out(std::chrono::milliseconds after);

  private:
    using Addresses = std::vector<ResolvedAddress>;

    std::optional<tls::Failure> choose();
    void find_origin();
    void find_proxy();
    void look_up(policy::Resolver const& how, std::string host, std::function<void(Addresses)> then);
    void connect(Addresses const& addresses, std::uint16_t port);
    void run_race(std::vector<IpEndpoint> endpoints);
    void connected(ConnectRace::Connected connected);
    void met_ourselves(IpEndpoint const& endpoint);
    void finish(boost::system::result<Socket, tls::Failure> result);
    void tried(IpEndpoint const& endpoint);
    tls::Failure blame_proxy(tls::Failure failure) const;
    std::chrono::microseconds elapsed() const;

    EventLoop& loop_;
    Resolver& resolver_;
    DialRequest const& request_;
    DialReport& report_;
    Clock::time_point started_;

    std::string host_; ///< where the path leads; what a proxy is asked for
    std::uint16_t port_ = 0;
    std::optional<policy::Via> proxy_;
    bool proxy_of_environment_ = false;

    std::string looking_up_; ///< the name, while it is looked up
    std::unique_ptr<Resolver::Query> query_;
    std::unique_ptr<ConnectRace> race_;
    Socket socket_; ///< connected to the proxy
    std::optional<ProxyTunnel> tunnel_;
    Done done_; ///< empty: over
};

} // namespace alert40::net
