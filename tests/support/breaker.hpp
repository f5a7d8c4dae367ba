#pragma once

#include "proxy/exchange/exchange.hpp"

#include <memory>

namespace alert40::test {

/// Stands before a requester, lets all pass, and breaks it off when the test wants it.
class Breaker final : public proxy::Intermediary {
  public:
    static Breaker& before(proxy::Exchange& exchange) {
        auto made = std::make_unique<Breaker>();
        auto& breaker = *made;
        exchange.interpose(std::move(made));
        return breaker;
    }

    void break_now(proxy::Breach const& breach) { asker().break_off(breach); }

    void informational(proxy::ResponseHead& head) override { asker().informational(head); }

    void response(proxy::ResponseHead& head, bool end) override { asker().response(head, end); }

    std::span<std::uint8_t> body_space(std::size_t at_least) override { return asker().body_space(at_least); }

    void body_written(std::size_t n) override { asker().body_written(n); }

    void end(proxy::Fields const& trailers) override { asker().end(trailers); }

    void abort(proxy::Abort reason) override { asker().abort(reason); }

    bool congested() const override { return asker().congested(); }

    void more_request_body() override { asker().more_request_body(); }
};

} // namespace alert40::test
