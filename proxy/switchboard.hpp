#pragma once

#include "proxy/admission.hpp"
#include "proxy/tunnel/tunnels.hpp"
#include "proxy/upstream/pool.hpp"

namespace alert40::proxy {

/// Every request of one worker that may use us: CONNECT goes to the tunnels, the rest to the pool.
class Switchboard final : public Dispatcher {
  public:
    /// Both outlive it.
    Switchboard(Pool& pool, Tunnels& tunnels)
        : pool_(pool)
        , tunnels_(tunnels) {}

    void dispatch(Exchange& exchange) override {
        if (!is_admitted(exchange.request(), exchange.entrance()))
            return exchange.answer(proxy_authentication_required());
        of(exchange).dispatch(exchange);
    }

    void failed(Exchange& exchange, tls::Failure const& failure, bool unprocessed) override {
        of(exchange).failed(exchange, failure, unprocessed);
    }

    void withdraw(Exchange& exchange) override { of(exchange).withdraw(exchange); }

    void spoiled(Exchange& exchange, tls::Failure const& failure, bool unprocessed) override {
        of(exchange).spoiled(exchange, failure, unprocessed);
    }

    void abandoned(Exchange& exchange) override { of(exchange).abandoned(exchange); }

  private:
    /// Extended CONNECT (RFC 8441) is an upgrade, and has become GET.
    Dispatcher& of(Exchange& exchange) {
        if (exchange.request().method == "CONNECT") return tunnels_;
        return pool_;
    }

    Pool& pool_;
    Tunnels& tunnels_;
};

} // namespace alert40::proxy
