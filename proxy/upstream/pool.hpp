#pragma once

#include "net/loop/event_loop.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/fault/exchange_play.hpp"
#include "proxy/upstream/origin_pool.hpp"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace alert40::proxy {

/// Everything upstream of one worker: from a request to the pool of its origin, and from what failed to an
/// answer.
class Pool final : public Dispatcher, public OriginPool::Host, ExchangePlay::Host {
  public:
    Pool(UpstreamParts const& parts, std::shared_ptr<Snapshot const> snapshot);
    ~Pool();

    /// New requests go by the new policy; what is under way stays.
    void use(std::shared_ptr<Snapshot const> snapshot);
    void on_tick(std::chrono::steady_clock::time_point now);

    void dispatch(Exchange& exchange) override;
    void failed(Exchange& exchange, tls::Failure const& failure, bool unprocessed) override;
    void withdraw(Exchange& exchange) override;
    void spoiled(Exchange& exchange, tls::Failure const& failure, bool unprocessed) override;
    void abandoned(Exchange& exchange) override;

  private:
    /// What is known about where requests with one scheme and authority, from one listener, go.
    struct Route {
        OriginPool* pool = nullptr;
        policy::Origin origin;
        bool turn_round = false;
        bool blocked = false;
        std::unique_ptr<policy::Decision const> faulty{}; ///< its requests may fail on purpose; null: never
        std::vector<std::string> rules;
        std::optional<policy::Clock::time_point> valid_until;
    };

    Route const* route(Exchange& exchange);
    std::optional<Route> find_route(Exchange& exchange);
    void block(Exchange& exchange, Route const& route);
    bool fails(Exchange& exchange, Route const& route);
    void send(Exchange& exchange, Route const& route);
    void go_on(Exchange& exchange) override;
    OriginPool* pool_for(Way way, Exchange& exchange);
    void drop_deserted(std::chrono::steady_clock::time_point now);
    void refuse(Exchange& exchange, DialFailure const& failure) override;
    void needs_http1(Exchange& exchange, Way const& way) override;
    void needs_http2(Exchange& exchange, Way const& way) override;
    void no_upgrade(Exchange& exchange, Way const& way) override;

    UpstreamParts parts_;
    std::shared_ptr<Snapshot const> snapshot_; ///< shared with the other workers
    std::unordered_map<std::string, Route> routes_;
    std::map<std::string, std::unique_ptr<OriginPool>, std::less<>> pools_;
    std::string route_key_; ///< scratch: no allocation a request
};

} // namespace alert40::proxy
