#pragma once

#include "proxy/exchange/exchange.hpp"
#include "proxy/tunnel/tunnel.hpp"
#include "proxy/upstream/ladder_run.hpp"
#include "proxy/upstream/snapshot.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace alert40::proxy {

/// Where every CONNECT of one worker goes, whatever brought it (HTTP/1.1, HTTP/2, SOCKS5, a TLS listener): by
/// rule it is watched, intercepted or refused.
class Tunnels final : public Dispatcher, Tunnel::Host {
  public:
    class Host {
      public:
        /// An app of this host did not trust the authority lately, and its rule wants it watched for a while.
        virtual bool distrusted(std::string_view host) const = 0;
        /// A stream that no connection can give away (of HTTP/2): its other end is this socket, to be
        /// intercepted.
        virtual void intercept(net::Socket socket, Entrance const& entrance,
                               policy::Origin const& target) = 0;

      protected:
        ~Host() = default;
    };

    Tunnels(UpstreamParts const& parts, std::shared_ptr<Snapshot const> snapshot, Host& host);
    ~Tunnels();

    void use(std::shared_ptr<Snapshot const> snapshot) { snapshot_ = std::move(snapshot); }

    void dispatch(Exchange& exchange) override;
    void failed(Exchange& exchange, tls::Failure const& failure, bool unprocessed) override;
    void withdraw(Exchange& exchange) override;

  private:
    void watch(Exchange& exchange, policy::Origin origin, policy::Decision decision);
    void intercept(Exchange& exchange, policy::Origin const& origin);
    void pass_through_pair(Exchange& exchange, policy::Origin const& origin);
    Tunnel& add(std::unique_ptr<Tunnel> tunnel);

    // Tunnel::Host
    void over(Tunnel& tunnel) override;
    void refuse(Exchange& exchange, policy::Origin const& origin, net::DialReport const& report) override;

    UpstreamParts parts_;
    std::shared_ptr<Snapshot const> snapshot_; ///< shared with the other workers
    Host& host_;
    std::vector<std::unique_ptr<Tunnel>> tunnels_; ///< a tunnel's `place` is its index
};

} // namespace alert40::proxy
