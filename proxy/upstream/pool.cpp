#include "proxy/upstream/pool.hpp"

#include "proxy/answer/bad_request.hpp"
#include "proxy/answer/error_response.hpp"
#include "proxy/route/request_origin.hpp"
#include "proxy/upstream/ladder_news.hpp"

#include <utility>

namespace alert40::proxy {
namespace {

constexpr std::size_t routes_kept = 4096; ///< then they are found anew
constexpr unsigned most_sends = 4;        ///< of one request, over all failures

/// RFC 9110 section 9.2.1: sending one twice changes nothing at the origin.
bool is_safe(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

void refuse_with(Exchange& exchange, UpstreamError::Kind kind, policy::Origin const& origin) {
    UpstreamError error;
    error.kind = kind;
    error.origin = origin;
    exchange.answer(error_response(error, exchange.request()));
}

/// The connection went away under the request, rather than answering it wrongly.
bool connection_lost(tls::Failure const& failure) {
    return failure.kind == tls::FailureKind::reset || failure.kind == tls::FailureKind::eof ||
           failure.kind == tls::FailureKind::h2;
}

} // namespace

Pool::Pool(UpstreamParts const& parts, std::shared_ptr<Snapshot const> snapshot)
    : parts_(parts)
    , snapshot_(std::move(snapshot)) {}

Pool::~Pool() = default;

void Pool::use(std::shared_ptr<Snapshot const> snapshot) {
    snapshot_ = std::move(snapshot);
    routes_.clear();
}

void Pool::on_tick(std::chrono::steady_clock::time_point now) {
    for (auto const& [key, pool] : pools_)
        pool->on_tick(now);
    for (auto const& entry : parts_.registry.expire())
        parts_.sink.take(news(record::LadderEvent::expired, entry));
    drop_deserted(now);
}

void Pool::drop_deserted(std::chrono::steady_clock::time_point now) {
    std::erase_if(pools_, [&](auto const& each) {
        auto const* const pool = each.second.get();
        if (!pool->deserted(now)) return false;
        std::erase_if(routes_, [pool](auto const& route) { return route.second.pool == pool; });
        return true;
    });
}

// ---- requests

void Pool::dispatch(Exchange& exchange) {
    auto const* const known = route(exchange);
    if (!known) return; // answered
    if (known->blocked) return block(exchange, *known);
    if (known->faulty && fails(exchange, *known)) return;
    send(exchange, *known);
}

void Pool::send(Exchange& exchange, Route const& route) {
    exchange.route_to(route.origin, route.turn_round);
    route.pool->submit(exchange);
}

/// On purpose, by rule: this time, in one way or another.
bool Pool::fails(Exchange& exchange, Route const& route) {
    auto plan = plan_for(exchange, *route.faulty, route.origin, parts_.faults);
    if (!plan) return false;
    auto play = std::make_unique<ExchangePlay>(parts_.loop, exchange, *std::move(plan), parts_.sink,
                                               static_cast<ExchangePlay::Host&>(*this));
    auto& begins = *play;
    exchange.interpose(std::move(play));
    begins.begin();
    return true;
}

/// The policy may be another one by now.
void Pool::go_on(Exchange& exchange) {
    auto const* const known = route(exchange);
    if (!known) return; // answered
    known->blocked ? block(exchange, *known) : send(exchange, *known);
}

void Pool::block(Exchange& exchange, Route const& route) {
    UpstreamError error;
    error.kind = UpstreamError::Kind::blocked;
    error.origin = route.origin;
    if (!route.rules.empty()) error.rule = route.rules.front();
    exchange.answer(error_response(error, exchange.request()));
}

Pool::Route const* Pool::route(Exchange& exchange) {
    auto const& request = exchange.request();
    auto const& entrance = exchange.entrance();
    route_key_.assign(entrance.listener).append(1, ' ');
    route_key_.append(entrance.address);
    if (entrance.hello) route_key_.append(entrance.hello->offered.ja3).append(entrance.hello->offered.ja4);
    if (request.absolute_form) route_key_.append(1, '=');
    if (auto const& mapped = entrance.intercepted
                                 ? entrance.intercepted
                                 : entrance.mapped) // one listener may come to stand for another origin
        route_key_.append(mapped->scheme)
            .append(1, ' ')
            .append(mapped->host)
            .append(1, ' ')
            .append(std::to_string(mapped->port)); // short: no allocation
    else
        route_key_.append(request.version == HttpVersion::http2 ? "2" : "1")
            .append(request.scheme)
            .append(1, ' ')
            .append(request.authority);

    auto const known = routes_.find(route_key_);
    if (known != routes_.end()) {
        auto const& until = known->second.valid_until;
        if (!until || policy::Clock::now() < *until) return &known->second;
        routes_.erase(known);
    }
    auto found = find_route(exchange);
    if (!found) return nullptr;
    if (routes_.size() >= routes_kept) routes_.clear();
    return &routes_.insert_or_assign(route_key_, *std::move(found)).first->second;
}

/// Nothing when the exchange was answered with an error instead.
std::optional<Pool::Route> Pool::find_route(Exchange& exchange) {
    auto const& request = exchange.request();
    auto target = origin_of(request, exchange.entrance());
    if (!target) {
        exchange.answer(bad_request(400, target.error().reason));
        return std::nullopt;
    }
    Route route;
    route.origin = target->origin;
    route.turn_round = target->turn_round;

    Way way;
    way.origin = std::move(target->origin);
    auto const& entrance = exchange.entrance();
    way.decision = snapshot_->rulebook().decide(way.origin, entrance.listener, policy::Clock::now(),
                                                entrance.hello ? &entrance.hello->offered : nullptr);
    way.snapshot = snapshot_;
    if (policy::plays_client(way.decision.faults) && policy::needs_hello(way.decision.faults))
        way.hello = entrance.hello;
    if (!entrance.address.empty() && !way.decision.address)
        way.decision.address = policy::Address{entrance.address, 0};
    route.blocked = way.decision.mode == policy::Mode::block;
    route.rules = way.decision.rules;
    route.valid_until = way.decision.valid_until;
    if (route.blocked) return route;
    if (way.decision.has_fault(policy::FaultRole::origin, policy::FaultPoint::request) ||
        way.decision.has_fault(policy::FaultRole::origin, policy::FaultPoint::response))
        route.faulty = std::make_unique<policy::Decision const>(way.decision);
    route.pool = pool_for(std::move(way), exchange);
    if (!route.pool) return std::nullopt;
    return route;
}

/// Null when the exchange was answered with an error instead.
OriginPool* Pool::pool_for(Way way, Exchange& exchange) {
    if (way.origin.scheme == "https" && way.steps.empty()) {
        for (auto const& step : way.decision.ladder.steps) {
            auto const& hello = exchange.entrance().hello;
            auto ready =
                step == "mirror" && hello ? way.snapshot->mirror(step, *hello) : way.snapshot->profile(step);
            if (!ready) {
                exchange.answer(bad_request(500, ready.error()));
                return nullptr;
            }
            way.steps.push_back(*std::move(ready));
        }
    }
    auto const shared = std::make_shared<Way const>(std::move(way));
    auto& pool = pools_[shared->connection_key()];
    if (pool)
        pool->use(shared);
    else
        pool = std::make_unique<OriginPool>(parts_, shared, *this);
    return pool.get();
}

void Pool::withdraw(Exchange& exchange) {
    static_cast<OriginPool*>(exchange.queue())->withdraw(exchange);
}

// ---- what fails

void Pool::spoiled(Exchange& exchange, tls::Failure const& failure, bool unprocessed) {
    static_cast<OriginPool*>(exchange.queue())->record(exchange, failure, unprocessed);
}

void Pool::abandoned(Exchange& exchange) {
    static_cast<OriginPool*>(exchange.queue())->record_patience(exchange);
}

void Pool::failed(Exchange& exchange, tls::Failure const& failure, bool unprocessed) {
    bool const safe_to_repeat =
        unprocessed || (is_safe(exchange.request().method) && connection_lost(failure));
    auto& pool = *static_cast<OriginPool*>(exchange.queue());
    if (safe_to_repeat && exchange.replayable() && exchange.times_sent() < most_sends)
        return pool.submit(exchange);
    pool.record(exchange, failure, unprocessed);
    UpstreamError error;
    if (failure.kind == tls::FailureKind::malformed) error.kind = UpstreamError::Kind::malformed_response;
    if (failure.kind == tls::FailureKind::alpn) error.kind = UpstreamError::Kind::needs_http2;
    if (failure.kind == tls::FailureKind::timeout) error.kind = UpstreamError::Kind::response_timeout;
    error.origin = pool.way().origin;
    error.failure = failure;
    if (failure.by == tls::By::injected) error.rule = pool.way().decision.faulty_rule;
    exchange.answer(error_response(error, exchange.request()));
}

void Pool::refuse(Exchange& exchange, DialFailure const& failure) {
    UpstreamError error;
    error.origin = failure.way.origin;
    if (failure.loop)
        error.kind = UpstreamError::Kind::loop;
    else if (!failure.attempts)
        error.kind = UpstreamError::Kind::overloaded;
    if (failure.attempts) error.attempts = *failure.attempts;
    auto const diagnosis = parts_.diagnostician != nullptr && failure.way.wants_diagnosis()
                               ? parts_.diagnostician->diagnosis(failure.way.memory_key())
                               : nullptr;
    error.diagnosis = diagnosis.get();
    exchange.answer(error_response(error, exchange.request()));
}

void Pool::needs_http2(Exchange& exchange, Way const& way) {
    refuse_with(exchange, UpstreamError::Kind::needs_http2, way.origin);
}

void Pool::no_upgrade(Exchange& exchange, Way const& way) {
    refuse_with(exchange, UpstreamError::Kind::no_upgrade, way.origin);
}

void Pool::needs_http1(Exchange& exchange, Way const& way) {
    auto other = way;
    other.http1_only = true;
    if (auto* const pool = pool_for(std::move(other), exchange)) pool->submit(exchange);
}

} // namespace alert40::proxy
