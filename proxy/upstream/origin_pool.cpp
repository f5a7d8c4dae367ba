#include "proxy/upstream/origin_pool.hpp"

#include "net/byte_stream.hpp"
#include "policy/time_text.hpp"
#include "proxy/exchange/trouble.hpp"
#include "proxy/http1/client_connection.hpp"
#include "proxy/http2/client_connection.hpp"
#include "proxy/message/limits.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy {

namespace {

tls::Failure overdue_failure() {
    auto const waited = std::chrono::seconds{limits::response_head_time}.count();
    return {tls::By::upstream, tls::Phase::after, tls::FailureKind::timeout, std::nullopt,
            "no response within " + std::to_string(waited) + " s"};
}

} // namespace

/// One connection, with the run that made it: HTTP/2 that breaks in its first words goes on down that run's
/// ladder.
struct OriginPool::Line final : UpstreamHost {
    explicit Line(OriginPool& owner)
        : pool(owner) {}

    void has_room(UpstreamConnection&) override { pool.line_has_room(*this); }

    void http2_broken(UpstreamConnection&, tls::Failure const& failure) override {
        pool.line_broken(*this, failure);
    }

    void closed(UpstreamConnection&, std::optional<tls::Failure> failure) override {
        pool.line_closed(*this, std::move(failure));
    }

    /// Its HTTP/2 is not broken.
    bool stands() const { return run != nullptr; }

    OriginPool& pool;
    std::unique_ptr<LadderRun> run; ///< null: it goes on without this line
    std::unique_ptr<UpstreamConnection> connection;
    std::size_t index = 0; ///< in lines_
    bool http2 = false;
    bool listed = false; ///< in free_
    bool closed_already = false;
    std::optional<tls::Failure> told{}; ///< of its last exchange that failed: on record already
};

OriginPool::OriginPool(UpstreamParts const& parts, std::shared_ptr<Way const> way, Host& host)
    : parts_(parts)
    , way_(std::move(way))
    , host_(host)
    , patience_(parts.loop)
    , idle_since_(parts.loop.now()) {}

OriginPool::~OriginPool() {
    parts_.registry.leave(static_cast<LadderRun::Owner*>(this));
}

// ---- exchanges

void OriginPool::submit(Exchange& exchange) {
    if (waiting_.empty() && give(exchange)) return;
    if (waiting_.size() >= limits::waiting_per_origin) return host_.refuse(exchange, {nullptr, false, *way_});
    exchange.set_queue(this, true);
    exchange.wait_since(parts_.loop.now());
    waiting_.push_back(&exchange);
    parts_.loop.flush_soon(*this);
}

void OriginPool::withdraw(Exchange& exchange) {
    exchange.set_queue(this, false);
    std::erase(waiting_, &exchange);
}

/// Hands the exchange to the connection that was used last, if one has room for it.
bool OriginPool::give(Exchange& exchange) {
    bool const upgrade = !exchange.request().protocol.empty();
    for (auto i = free_.size(); i-- > 0;) {
        auto& line = *free_[i];
        auto const room = line.connection->room();
        if (room == 0) { // the origin has said GOAWAY, or takes fewer streams than it did
            unlist(i);
            continue;
        }
        if (upgrade && !line.connection->carries_upgrade()) continue;
        if (!line.http2 && speaks_grpc(exchange.request().fields)) { // which needs HTTP/2 from end to end
            if (speaks_ != Speaks::http1) continue;
            exchange.set_queue(this, false);
            host_.needs_http2(exchange, *way_);
            return true;
        }
        if (room == 1) unlist(i);
        assign(exchange, line);
        return true;
    }
    return false;
}

void OriginPool::unlist(std::size_t place) {
    free_[place]->listed = false;
    free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(place));
}

void OriginPool::assign(Exchange& exchange, Line& line) {
    exchange.set_queue(this, false);
    exchange.wait_since(parts_.loop.now());
    exchange.expect_soon(parts_.loop);
    unanswered_.push_back(exchange);
    exchange.set_connection(&line);
    exchange.assign(line.connection->open(exchange));
}

/// The end of the turn: what waits takes what is there, and the rest is dialled for.
void OriginPool::flush() {
    bool in_turn = true; // false: some went to the back, and their order returns only with the last
    for (auto left = waiting_.size(); left > 0 && !waiting_.empty(); --left) {
        if (in_turn && free_.empty() && !refuses_upgrades_) break;
        auto& exchange = *waiting_.front();
        waiting_.pop_front();
        if (refuses_upgrades_ && !exchange.request().protocol.empty()) {
            exchange.set_queue(this, false);
            way_->http1_only ? host_.no_upgrade(exchange, *way_) : host_.needs_http1(exchange, *way_);
        } else if (!give(exchange)) {
            waiting_.push_back(&exchange);
            in_turn = false;
        }
    }
    dial_what_is_missing();
}

void OriginPool::dial_what_is_missing() {
    if (waiting_.empty() || following_ > 0 || one_may_take_all()) return;
    auto const wanted = speaks_ == Speaks::http1 ? dials_wanted() : 1;
    auto const places = limits::upstream_per_origin - std::min(lines_.size(), limits::upstream_per_origin);
    auto const allowed = std::min(limits::dials_per_origin, places);
    while (following_ == 0 && runs_.size() < std::min(wanted, allowed))
        start_run();
}

/// HTTP/1.1: one for each that waits while there are few connections, and for each that has waited too long.
std::size_t OriginPool::dials_wanted() {
    auto const few = limits::busy_per_origin - std::min(lines_.size(), limits::busy_per_origin);
    auto const wanted = std::min(waiting_.size(), std::max(few, waiting_too_long()));
    if (wanted < waiting_.size() && !patience_.armed())
        patience_.arm(limits::patience, [this] { parts_.loop.flush_soon(*this); });
    return wanted;
}

std::size_t OriginPool::waiting_too_long() const {
    auto const impatient = [before = parts_.loop.now() - limits::patience](Exchange const* exchange) {
        return exchange->waits_since() <= before;
    };
    return static_cast<std::size_t>(std::find_if_not(waiting_.begin(), waiting_.end(), impatient) -
                                    waiting_.begin());
}

/// HTTP/2 whose SETTINGS are still to come, with how many streams it takes and of which kind.
bool OriginPool::one_may_take_all() const {
    return speaks_ == Speaks::http2 && std::any_of(lines_.begin(), lines_.end(), [](auto const& line) {
               return line->stands() && !line->connection->settled();
           });
}

void OriginPool::start_run() {
    auto run = std::make_unique<LadderRun>(parts_, way_, waiting_.front()->entrance().bound, *this);
    auto& started = *run;
    runs_.push_back(std::move(run));
    started.start();
}

/// Where connections stand, only who has waited longest pays for a dial that failed: the others still have a
/// chance.
void OriginPool::dial_failed(Attempts const& attempts, bool loop) {
    bool const connected =
        std::any_of(lines_.begin(), lines_.end(), [](auto const& line) { return line->stands(); });
    auto const most = connected ? std::size_t{1} : waiting_.size();
    for (auto left = std::min(most, waiting_.size()); left > 0 && !waiting_.empty(); --left)
        refuse_first(attempts, loop);
    if (!waiting_.empty()) parts_.loop.flush_soon(*this);
}

void OriginPool::refuse_first(Attempts const& attempts, bool loop) {
    auto& exchange = *waiting_.front();
    waiting_.pop_front();
    exchange.set_queue(this, false);
    host_.refuse(exchange, {attempts, loop, *way_});
}

void OriginPool::refuse_overdue(Exchange::Time now) {
    auto const overdue = [now](Exchange const& exchange) {
        return now - exchange.waits_since() >= limits::response_head_time;
    };
    while (!waiting_.empty() && overdue(*waiting_.front()))
        refuse_first(nullptr, false);
    while (!unanswered_.empty() && overdue(unanswered_.front())) {
        auto& exchange = unanswered_.front();
        bool const asked = exchange.request_complete() || !exchange.request().protocol.empty();
        if (asked) {
            auto failure = overdue_failure();
            static_cast<Line*>(exchange.connection())->connection->explain(failure);
            exchange.response_overdue(failure);
        } else { // the client is still sending: the time begins anew
            exchange.unlink();
            exchange.wait_since(now);
            unanswered_.push_back(exchange);
        }
    }
}

// ---- runs

std::unique_ptr<LadderRun> OriginPool::take_run(LadderRun& run) {
    auto const at =
        std::find_if(runs_.begin(), runs_.end(), [&run](auto const& each) { return each.get() == &run; });
    auto taken = std::move(*at);
    runs_.erase(at);
    return taken;
}

void OriginPool::established(LadderRun& run, net::Dialled dialled) {
    auto line = std::make_unique<Line>(*this);
    line->index = lines_.size();
    line->run = take_run(run);
    bool const http2 = dialled.tls ? dialled.tls->alpn() == "h2" : way_->decision.h2c;
    line->http2 = http2;
    speaks_ = http2 ? Speaks::http2 : Speaks::http1;
    auto stream = std::make_unique<net::ByteStream>(parts_.loop, std::move(dialled.socket),
                                                    std::move(dialled.tls), tls::By::upstream);
    stream->lead_through(std::move(dialled.path));
    if (http2)
        line->connection = http2::make_client_connection(std::move(stream), *line);
    else
        line->connection = http1::make_client_connection(std::move(stream), *line);
    auto& added = *line;
    lines_.push_back(std::move(line));
    line_has_room(added);
}

void OriginPool::gave_up(LadderRun& run, Attempts failed, bool loop) {
    parts_.loop.destroy_later(take_run(run));
    dial_failed(failed, loop);
}

void OriginPool::follows(LadderRun& run) {
    ++following_;
    parts_.loop.destroy_later(take_run(run));
}

void OriginPool::other_run_ended(LadderRegistry::Outcome outcome) {
    --following_;
    if (outcome.failed)
        dial_failed(outcome.failed, outcome.loop);
    else
        parts_.loop.flush_soon(*this);
}

// ---- connections

void OriginPool::line_has_room(Line& line) {
    if (line.connection->settled()) refuses_upgrades_ = !line.connection->carries_upgrade();
    if (!line.listed && line.connection->room() > 0) {
        line.listed = true;
        free_.push_back(&line);
    }
    if (!waiting_.empty()) parts_.loop.flush_soon(*this);
}

/// The run that made the line goes on, before the exchanges that were on it want another one.
void OriginPool::line_broken(Line& line, tls::Failure const& failure) {
    if (!line.stands()) return;
    if (std::exchange(line.listed, false)) std::erase(free_, &line);
    auto& run = *line.run;
    runs_.push_back(std::move(line.run));
    run.go_on(failure);
}

void OriginPool::line_closed(Line& line, std::optional<tls::Failure> failure) {
    if (std::exchange(line.closed_already, true)) return;
    if (std::exchange(line.listed, false)) std::erase(free_, &line);
    auto dead = std::move(lines_[line.index]);
    if (line.index + 1 < lines_.size()) {
        lines_[line.index] = std::move(lines_.back());
        lines_[line.index]->index = line.index;
    }
    lines_.pop_back();

    if (failure && failure != dead->told && line.stands()) line.run->report(*failure, std::nullopt);
    parts_.loop.destroy_later(std::move(dead));
    if (!waiting_.empty()) parts_.loop.flush_soon(*this);
}

void OriginPool::record(Exchange const& exchange, tls::Failure const& failure, bool unprocessed) {
    auto& line = *static_cast<Line*>(exchange.connection());
    if (failure.by == tls::By::downstream || !line.stands()) return;
    line.told = failure;
    line.run->report(failure, facts_of(exchange, line, unprocessed));
}

void OriginPool::record_patience(Exchange const& exchange) {
    auto& line = *static_cast<Line*>(exchange.connection());
    auto const& came = exchange.so_far();
    bool const asked = exchange.request_complete() || !exchange.request().protocol.empty();
    bool const owed = came.status == 0
                          ? asked
                          : came.owes_grpc_status || (came.body.kind == BodyLength::Kind::known &&
                                                      came.body_bytes < came.body.bytes);
    auto const waited = parts_.loop.now() - exchange.waits_since();
    if (!owed || waited < limits::noticeable_wait || !line.stands()) return;
    auto const in_time =
        " after " + policy::duration_text(std::chrono::floor<std::chrono::milliseconds>(waited));
    auto const what = came.status == 0        ? "without a response"
                      : came.owes_grpc_status ? "with a gRPC call under way"
                                              : "with " + std::to_string(came.body_bytes) + " of " +
                                                    std::to_string(came.body.bytes) + " bytes of the body";
    auto const phase = line.connection->settled() ? tls::Phase::after : tls::Phase::finished;
    line.run->report({tls::By::downstream, phase, tls::FailureKind::timeout, std::nullopt,
                      "the app gave up" + in_time + ' ' + what},
                     facts_of(exchange, line, false));
}

record::ExchangeFacts OriginPool::facts_of(Exchange const& exchange, Line const& line,
                                           bool unprocessed) const {
    auto const& came = exchange.so_far();
    record::ExchangeFacts facts;
    facts.http = line.http2 ? "2" : "1.1";
    facts.protocol = exchange.request().protocol;
    if (came.status != 0) facts.status = came.status;
    facts.grpc_status = came.grpc_status;
    facts.body_bytes = came.body_bytes;
    facts.unprocessed = unprocessed;
    facts.time = std::chrono::floor<std::chrono::microseconds>(parts_.loop.now() - exchange.waits_since());
    return facts;
}

bool OriginPool::idle() const {
    return lines_.empty() && waiting_.empty() && runs_.empty() && following_ == 0;
}

bool OriginPool::deserted(Exchange::Time now) const {
    return idle() && now - idle_since_ >= limits::idle_origin;
}

void OriginPool::on_tick(Exchange::Time now) {
    for (auto i = lines_.size(); i-- > 0;)
        if (i < lines_.size()) lines_[i]->connection->on_tick(now);
    refuse_overdue(now);
    for (auto& exchange : unanswered_) { // those that wait longest come first
        if (now - exchange.waits_since() < net::EventLoop::tick) break;
        exchange.not_soon();
    }
    if (!idle()) idle_since_ = now;
}

} // namespace alert40::proxy
