#include "proxy/fault/exchange_play.hpp"

#include "policy/fault.hpp"
#include "proxy/answer/injected_answer.hpp"
#include "proxy/fault/injected_failure.hpp"
#include "proxy/message/limits.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace alert40::proxy {

namespace fault = policy::fault;
using policy::FaultPoint;

namespace {

constexpr std::chrono::milliseconds between_pieces{50}; ///< of a body that is throttled
constexpr std::chrono::milliseconds at_once{0};

tls::FailureKind kind_of(ExchangeSuffering const& part) {
    if (!part.end) return tls::FailureKind::timeout; // it only takes longer
    return std::visit(fault::Each{
                          [](fault::Reset const&) { return tls::FailureKind::reset; },
                          [](fault::Close const&) { return tls::FailureKind::eof; },
                          [](fault::Silence const&) { return tls::FailureKind::timeout; },
                          [](fault::Stall const&) { return tls::FailureKind::timeout; },
                          [](fault::RstStream const&) { return tls::FailureKind::h2; },
                          [](fault::Goaway const&) { return tls::FailureKind::h2; },
                          [](auto const&) { return tls::FailureKind::http; },
                      },
                      *part.end);
}

Breach breach_of(fault::Truncate const& truncate) {
    using By = fault::Truncate::By;
    switch (truncate.by) {
    case By::end: return {Breach::Kind::cut_short};
    case By::close: return {Breach::Kind::close};
    case By::reset: return {Breach::Kind::reset};
    case By::rst_stream: return {Breach::Kind::rst_stream, truncate.error_code};
    }
    return {};
}

} // namespace

ExchangePlay::ExchangePlay(net::EventLoop& loop, Exchange& exchange, ExchangePlan plan, record::Sink& sink,
                           Host& host)
    : loop_(loop)
    , exchange_(exchange)
    , plan_(std::move(plan))
    , sink_(sink)
    , host_(host)
    , deadline_(loop)
    , ending_(loop) {}

// ---- the request

void ExchangePlay::begin() {
    if (plan_.request.none()) return host_.go_on(exchange_);
    deadline_.arm(plan_.request.delay, [this] { request_due(); });
}

void ExchangePlay::request_due() {
    if (!exchange_.wanted()) return;
    write_record(plan_.request.words(FaultPoint::request), kind_of(plan_.request));
    if (!plan_.request.end) return host_.go_on(exchange_);
    strike(*plan_.request.end);
}

void ExchangePlay::more_request_body() {
    asker().more_request_body();
}

// ---- the response

void ExchangePlay::informational(ResponseHead& head) {
    if (stage_ != Stage::over) asker().informational(head);
}

void ExchangePlay::response(ResponseHead& head, bool end) {
    if (stage_ == Stage::over) return;
    if (stage_ == Stage::direct || plan_.response.none()) {
        stage_ = Stage::direct;
        return asker().response(head, end);
    }
    stage_ = Stage::held;
    head_ = std::move(head);
    head_is_all_ = end;
    deadline_.arm(plan_.response.delay, [this] { response_due(); });
}

void ExchangePlay::response_due() {
    if (!exchange_.wanted() || stage_ != Stage::held) return;
    auto const& part = plan_.response;
    auto const mark = part.mark();
    if (part.end && !mark) {
        write_record(part.words(FaultPoint::response), kind_of(part));
        return strike(*part.end);
    }
    if (!part.goes_on.empty()) write_record(part.goes_on, tls::FailureKind::timeout);
    if (head_is_all_) {
        stage_ = Stage::over;
        return asker().response(head_, true);
    }
    stage_ = Stage::open;
    metered_at_ = loop_.now();
    if (mark && mark->time) ending_.arm(*mark->time, [this] { end_soon(); });
    if (mark && !mark->time) left_ = mark->bytes;
    asker().response(head_, false);
    pass_body();
}

std::span<std::uint8_t> ExchangePlay::body_space(std::size_t at_least) {
    return stage_ == Stage::direct ? asker().body_space(at_least) : body_.prepare(at_least);
}

void ExchangePlay::body_written(std::size_t n) {
    if (stage_ == Stage::direct) return asker().body_written(n);
    body_.commit(stage_ == Stage::over ? 0 : n);
    if (stage_ == Stage::open) pass_body();
}

/// As much as may pass now. (A stretch that is to end right behind a body of just its length ends before the
/// end of it.)
void ExchangePlay::pass_body() {
    if (!exchange_.wanted() || stage_ != Stage::open) return;
    bool const was_congested = congested();
    auto n = static_cast<std::size_t>(std::min<std::uint64_t>({body_.size(), left_, allowance()}));
    if (plan_.response.bytes_per_second) allowed_ -= static_cast<double>(n);
    if (left_ != no_mark) left_ -= n;
    while (n > 0) {
        auto const space = asker().body_space(n);
        auto const piece = std::min(space.size(), n);
        std::memcpy(space.data(), body_.data().data(), piece);
        asker().body_written(piece);
        body_.consume(piece);
        n -= piece;
    }
    if (left_ == 0) return end_soon();
    if (body_.empty() && body_complete_) return body_ended();
    if (!body_.empty() && plan_.response.bytes_per_second)
        deadline_.arm(between_pieces, [this] { pass_body(); });
    if (was_congested && !congested()) exchange_.requester_drained();
}

/// Of the body, by its speed and by what the app takes; what was not used is kept for a second.
std::size_t ExchangePlay::allowance() {
    if (!plan_.response.bytes_per_second) return body_.size();
    auto const speed = static_cast<double>(*plan_.response.bytes_per_second);
    auto const now = loop_.now();
    auto const passed = std::chrono::duration<double>(now - std::exchange(metered_at_, now)).count();
    allowed_ = std::min(allowed_ + speed * passed, std::max(speed, 1.0));
    return asker().congested() ? 0 : static_cast<std::size_t>(allowed_);
}

void ExchangePlay::end(Fields const& trailers) {
    if (stage_ == Stage::over) return;
    if (stage_ == Stage::direct) return asker().end(trailers);
    for (auto const& field : trailers)
        trailers_.push_back(
            {trailer_text_.copy(field.name), trailer_text_.copy(field.value), field.id, field.never_index});
    body_complete_ = true;
    pass_body();
}

void ExchangePlay::body_ended() {
    ending_.disarm();
    stage_ = Stage::over;
    asker().end(trailers_);
}

void ExchangePlay::abort(Abort reason) {
    if (std::exchange(stage_, Stage::over) == Stage::over) return;
    deadline_.disarm();
    ending_.disarm();
    asker().abort(reason);
}

bool ExchangePlay::congested() const {
    if (stage_ == Stage::over) return false; // what still comes is thrown away
    return body_.size() >= limits::low_water || asker().congested();
}

// ---- ends

void ExchangePlay::end_soon() {
    stage_ = Stage::over;
    deadline_.disarm();
    ending_.arm(at_once, [this] {
        if (!exchange_.wanted()) return;
        body_.clear();
        write_record(policy::fault_text(*plan_.response.end, FaultPoint::response), kind_of(plan_.response));
        strike(*plan_.response.end);
    });
}

void ExchangePlay::strike(policy::FaultAction const& end) {
    stage_ = Stage::over;
    std::visit(fault::Each{
                   [&](fault::Status const& status) {
                       answer(injected_status(status.code, status.retry_after, plan_.rule));
                   },
                   [&](fault::GrpcStatus const& status) {
                       answer(injected_rpc(exchange_.request(), status.code, plan_.rule));
                   },
                   [&](fault::RstStream const& rst) {
                       break_with({Breach::Kind::rst_stream, rst.error_code});
                   },
                   [&](fault::Goaway const& goaway) {
                       break_with({Breach::Kind::goaway, goaway.error_code, goaway.processed});
                   },
                   [&](fault::Truncate const& truncate) { break_with(breach_of(truncate)); },
                   [&](fault::Reset const&) { break_with({Breach::Kind::reset}); },
                   [&](fault::Close const& close) {
                       break_with({.kind = Breach::Kind::close, .close_notify = close.close_notify});
                   },
                   [&](auto const&) { // silence, stall
                       ending_.arm(limits::silence, [this] {
                           if (exchange_.wanted()) break_with({Breach::Kind::close});
                       });
                   },
               },
               end);
}

void ExchangePlay::answer(LocalResponse const& response) {
    stage_ = Stage::direct;
    exchange_.answer_instead(response);
}

void ExchangePlay::break_with(Breach const& breach) {
    asker().break_off(breach);
}

void ExchangePlay::write_record(std::string detail, tls::FailureKind kind) {
    sink_.take(injected_failure(exchange_.entrance(), plan_.target, plan_.rule, kind, std::move(detail)));
}

} // namespace alert40::proxy
