#include "proxy/tunnel/tunnels.hpp"

#include "net/resolver/name_servers.hpp"
#include "proxy/answer/bad_request.hpp"
#include "proxy/answer/error_response.hpp"
#include "proxy/tunnel/app_hello.hpp"

#include "policy/host_name.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace alert40::proxy {
namespace {

std::optional<policy::Origin> target_of(RequestHead const& connect) {
    auto parsed = policy::parse_host_port(connect.authority);
    if (!parsed || !parsed->port || *parsed->port == 0) return std::nullopt;
    auto host = policy::to_a_label(parsed->host);
    if (!host) return std::nullopt;
    return policy::Origin{"https", *std::move(host), *parsed->port};
}

void answer(Exchange& exchange, UpstreamError const& error) {
    exchange.answer(error_response(error, exchange.request()));
}

} // namespace

Tunnels::Tunnels(UpstreamParts const& parts, std::shared_ptr<Snapshot const> snapshot, Host& host)
    : parts_(parts)
    , snapshot_(std::move(snapshot))
    , host_(host) {}

Tunnels::~Tunnels() = default;

void Tunnels::dispatch(Exchange& exchange) {
    auto const target = target_of(exchange.request());
    if (!target) return exchange.answer(bad_request(400, "CONNECT takes HOST:PORT"));
    auto const& entrance = exchange.entrance();
    if (entrance.mapped && !entrance.watched && !entrance.intercepted)
        return exchange.answer(
            bad_request(400, "this listener stands for one origin: CONNECT has no place here"));
    auto const named = named_target(*target, entrance.hello.get());
    auto decision = snapshot_->rulebook().decide(named, entrance.listener, policy::Clock::now(),
                                                 entrance.hello ? &entrance.hello->offered : nullptr);
    if (decision.mode == policy::Mode::block) {
        UpstreamError error;
        error.kind = UpstreamError::Kind::blocked;
        error.origin = *target;
        if (!decision.rules.empty()) error.rule = decision.rules.front();
        return answer(exchange, error);
    }
    bool const may_end_here = (decision.mode == policy::Mode::intercept || decision.waits_for_hello) &&
                              !host_.distrusted(target->host);
    bool const may_fail = policy::needs_hello(decision.faults); // on purpose
    if ((may_end_here || may_fail) && !entrance.watched) return intercept(exchange, *target);
    watch(exchange, *target, std::move(decision));
}

void Tunnels::failed(Exchange& exchange, tls::Failure const& failure, bool) {
    UpstreamError error;
    error.failure = failure;
    if (auto target = target_of(exchange.request())) error.origin = *std::move(target);
    answer(exchange, error);
}

void Tunnels::withdraw(Exchange& exchange) {
    static_cast<Tunnel*>(exchange.queue())->withdraw();
}

void Tunnels::watch(Exchange& exchange, policy::Origin origin, policy::Decision decision) {
    // a hosts entry brought the app here: the way on leads past it
    if (exchange.entrance().by_sni && decision.resolver.kind == policy::Resolver::Kind::system)
        decision.resolver = net::system_name_server();
    auto& tunnel = add(std::make_unique<Tunnel>(parts_, exchange, std::move(origin), std::move(decision),
                                                static_cast<Tunnel::Host&>(*this)));
    exchange.set_queue(&tunnel, true);
    tunnel.start(snapshot_->own_listeners());
}

void Tunnels::intercept(Exchange& exchange, policy::Origin const& origin) {
    if (!exchange.give_stream(origin)) pass_through_pair(exchange, origin);
}

/// A stream of HTTP/2 becomes a socket: one end is fed from the stream, the other one is intercepted.
void Tunnels::pass_through_pair(Exchange& exchange, policy::Origin const& origin) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return exchange.answer(bad_request(503, std::strerror(errno)));
    net::Socket ours(ends[0]);
    auto const was_reset = std::make_shared<bool>(false);
    net::Socket theirs(ends[1], was_reset);
    auto& tunnel = add(std::make_unique<Tunnel>(parts_, exchange, origin, policy::Decision{},
                                                static_cast<Tunnel::Host&>(*this)));
    host_.intercept(std::move(theirs), exchange.entrance(), origin);
    tunnel.start(std::move(ours), was_reset);
}

Tunnel& Tunnels::add(std::unique_ptr<Tunnel> tunnel) {
    tunnel->place = tunnels_.size();
    tunnels_.push_back(std::move(tunnel));
    return *tunnels_.back();
}

void Tunnels::over(Tunnel& tunnel) {
    auto const place = tunnel.place;
    auto gone = std::move(tunnels_[place]);
    if (place + 1 < tunnels_.size()) {
        tunnels_[place] = std::move(tunnels_.back());
        tunnels_[place]->place = place;
    }
    tunnels_.pop_back();
    parts_.loop.destroy_later(std::move(gone));
}

void Tunnels::refuse(Exchange& exchange, policy::Origin const& origin, net::DialReport const& report) {
    exchange.set_queue(this, false);
    UpstreamError error;
    error.origin = origin;
    if (report.loop) error.kind = UpstreamError::Kind::loop;
    record::HandshakeRecord attempt;
    attempt.failure = report.failure;
    attempt.target = {origin.host, origin.port, report.address, report.resolver, report.via};
    attempt.outcome = record::Outcome::failed;
    error.attempts = {&attempt, 1};
    answer(exchange, error);
}

} // namespace alert40::proxy
