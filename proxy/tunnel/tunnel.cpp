#include "proxy/tunnel/tunnel.hpp"

#include "proxy/message/limits.hpp"

#include <utility>

namespace alert40::proxy {

using tls::engine::Status;

Tunnel::Tunnel(UpstreamParts const& parts, Exchange& exchange, policy::Origin origin,
               policy::Decision decision, Host& host)
    : parts_(parts)
    , exchange_(&exchange)
    , origin_(std::move(origin))
    , decision_(std::move(decision))
    , host_(host) {}

void Tunnel::start(std::vector<policy::Endpoint> own_listeners) {
    watched_ = std::make_unique<WatchedHandshake>(parts_.loop, parts_.sink, origin_, decision_,
                                                  exchange_->entrance().bound);
    net::DialRequest request;
    request.origin = origin_;
    request.resolver = decision_.resolver;
    request.address = decision_.address;
    request.via = decision_.via;
    request.timeouts = decision_.ladder.timeouts;
    request.own_listeners = std::move(own_listeners);
    if (policy::plays_client(decision_.faults)) suffer(request);
    dial_ = net::start_dial(parts_.loop, parts_.resolver, std::move(request),
                            [this](net::Dialled dialled) { this->dialled(std::move(dialled)); });
}

void Tunnel::start(net::Socket socket, std::shared_ptr<bool const> was_reset) {
    was_reset_ = std::move(was_reset);
    net::Dialled given;
    given.socket = std::move(socket);
    open(std::move(given));
}

/// What goes wrong on the way is done here, by rule.
void Tunnel::suffer(net::DialRequest& request) {
    auto const& hello = exchange_->entrance().hello;
    auto fault = strike_dial(parts_.faults, decision_, HelloOf::app, hello ? &hello->offered : nullptr);
    if (!fault) return;
    request.ordeal = std::move(fault->ordeal);
    watched_->injected(std::move(fault->rule), std::move(fault->notes));
}

void Tunnel::withdraw() {
    exchange_ = nullptr;
    dial_.reset();
    finish();
}

void Tunnel::dialled(net::Dialled dialled) {
    dial_.reset();
    auto const& report = dialled.report;
    watched_->dialled(report);
    if (!report.failure) return open(std::move(dialled));
    watched_.reset();
    host_.refuse(*std::exchange(exchange_, nullptr), origin_, report);
    finish();
}

void Tunnel::open(net::Dialled dialled) {
    stream_ =
        std::make_unique<net::ByteStream>(parts_.loop, std::move(dialled.socket), nullptr, tls::By::upstream);
    stream_->lead_through(std::move(dialled.path));
    if (watched_ && decision_.split_hello && decision_.split_hello->mode != tls::SplitHello::Mode::none)
        split_.emplace(*stream_, *decision_.split_hello);
    exchange_->set_queue(this, false);
    exchange_->assign(*this);
}

// ---- from the app

void Tunnel::request(RequestHead&, bool) {
    stream_->start(*this);
    ResponseHead granted;
    granted.version = HttpVersion::http1_1;
    granted.status = 200;
    granted.upgraded = true;
    exchange_->response(granted, false);
}

std::span<std::uint8_t> Tunnel::body_space(std::size_t at_least) {
    if (split_ && split_->over()) split_.reset();
    if (split_) held_.resize(at_least);
    space_ = split_ ? std::span(held_) : stream_->output().prepare(at_least);
    return space_;
}

void Tunnel::body_written(std::size_t n) {
    auto const bytes = space_.first(n);
    bool const more = watched_ && watched_->client_sent(bytes);
    if (split_)
        split_->take(bytes, watched_->watch());
    else
        stream_->output().commit(n);
    if (!more && !split_) watched_.reset();
    stream_->flush_soon();
}

void Tunnel::end(Fields const&) {
    if (split_) split_->end();
    if (watched_) watched_->app_ended();
    stream_->close_after_output();
}

void Tunnel::cancel() {
    exchange_ = nullptr;
    if (watched_) watched_->ended(tls::By::downstream, tls::FailureKind::reset);
    stream_->close_after_output();
    finish();
}

bool Tunnel::congested() const {
    return stream_->unsent() + (split_ ? split_->held() : 0) > limits::high_water;
}

// ---- from the target

void Tunnel::on_readable() {
    for (std::size_t i = 0; i < limits::reads_per_turn && !over_ && !exchange_->response_congested(); ++i) {
        auto const space = exchange_->response_body_space(limits::read_bytes);
        auto const got = stream_->read(space);
        if (got.status == Status::ok) server_said(space.first(got.bytes));
        exchange_->response_body_written(got.status == Status::ok ? got.bytes : 0);
        if (got.status == Status::ok) continue;
        if (got.status == Status::closed) return server_ended();
        if (got.status == Status::failed) return broken(stream_->failure());
        break;
    }
    if (!over_) stream_->pause_reading(exchange_->response_congested());
}

void Tunnel::server_said(std::span<std::uint8_t const> bytes) {
    bool const more = watched_ && watched_->server_sent(bytes);
    if (!more && !split_) watched_.reset();
}

void Tunnel::on_drained() {
    if (exchange_) exchange_->responder_drained();
}

void Tunnel::on_flush() {
    if (!over_ && exchange_) stream_->pause_reading(exchange_->response_congested());
}

void Tunnel::server_ended() {
    if (was_reset_ && *was_reset_)
        return broken({tls::By::upstream, tls::Phase::after, tls::FailureKind::reset, std::nullopt, ""});
    if (watched_) watched_->ended(tls::By::upstream, tls::FailureKind::eof);
    std::exchange(exchange_, nullptr)->response_end({});
    stream_->close_after_output();
    finish();
}

void Tunnel::on_broken(tls::Failure const& failure) {
    broken(failure);
}

void Tunnel::broken(tls::Failure const& failure) {
    if (over_) return;
    if (watched_) watched_->ended(failure.by, failure.kind);
    auto const told = failure;
    if (auto* const exchange = std::exchange(exchange_, nullptr)) exchange->responder_failed(told, false);
    finish();
}

void Tunnel::finish() {
    if (std::exchange(over_, true)) return;
    host_.over(*this);
}

} // namespace alert40::proxy
