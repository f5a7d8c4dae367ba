#include "proxy/exchange/exchange.hpp"

#include "proxy/exchange/trouble.hpp"
#include "proxy/exchange/turn_round.hpp"
#include "proxy/message/limits.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace alert40::proxy {
namespace {

/// RFC 9110 section 7.6.3: the protocol as received, and a pseudonym.
std::string_view via_of(HttpVersion version) {
    switch (version) {
    case HttpVersion::http1_0: return "1.0 alert40";
    case HttpVersion::http1_1: return "1.1 alert40";
    case HttpVersion::http2: return "2 alert40";
    }
    return "1.1 alert40";
}

/// A Connect RPC that may stream both ways, which HTTP/1.1 cannot carry
/// (https://connectrpc.com/docs/protocol#streaming-rpcs).
bool is_connect_stream(RequestHead const& request) {
    auto const* const type = find(request.fields, FieldName::content_type);
    return type && type->value.starts_with("application/connect+");
}

/// Where body bytes go that nobody wants any more.
std::span<std::uint8_t> discarded() {
    thread_local std::array<std::uint8_t, 16 * 1024> bytes;
    return bytes;
}

void copy_into(std::span<std::uint8_t> space, std::span<std::uint8_t const> piece) {
    if (!piece.empty()) std::memcpy(space.data(), piece.data(), piece.size());
}

} // namespace

Exchange::Exchange(Requester& requester, Dispatcher& dispatcher, Entrance const& entrance)
    : requester_(&requester)
    , dispatcher_(dispatcher)
    , entrance_(entrance) {}

Exchange::~Exchange() {
    if (requester_) let_go();
}

// ---- from the requester

void Exchange::start(bool end) {
    request_ended_ = end;
    request_.add("via", via_of(request_.version));
    dispatcher_.dispatch(*this);
}

std::span<std::uint8_t> Exchange::request_body_space(std::size_t at_least) {
    if (responder_)
        last_space_ = responder_->body_space(at_least);
    else if (response_begun_)
        last_space_ = discarded();
    else
        last_space_ = kept_body_.prepare(at_least);
    return last_space_;
}

void Exchange::request_body_written(std::size_t n) {
    if (responder_) {
        if (keeping_body_) {
            keeping_body_ = kept_body_.size() + n <= limits::replay_body;
            if (keeping_body_)
                kept_body_.append(last_space_.first(n));
            else
                kept_body_.clear();
        }
        responder_->body_written(n);
    } else if (!response_begun_) {
        kept_body_.commit(n);
    }
}

void Exchange::request_body(std::span<std::uint8_t const> piece) {
    while (!piece.empty()) {
        auto const space = request_body_space(std::min(piece.size(), limits::read_bytes));
        auto const n = std::min(space.size(), piece.size());
        copy_into(space, piece.first(n));
        request_body_written(n);
        piece = piece.subspan(n);
    }
}

void Exchange::request_end(Fields const& trailers) {
    request_ended_ = true;
    for (auto const& field : trailers)
        request_trailers_.push_back(
            {request_.arena.copy(field.name), request_.arena.copy(field.value), field.id, field.never_index});
    if (responder_) responder_->end(request_trailers_);
}

bool Exchange::request_congested() const {
    if (responder_) return responder_->congested();
    return !response_begun_ && kept_body_.size() >= limits::replay_body;
}

void Exchange::requester_drained() {
    if (responder_) responder_->more_response_body();
}

void Exchange::requester_gone() {
    if (requester_ && responder_ && !between_) dispatcher_.abandoned(*this);
    let_go();
}

void Exchange::stop_waiting() {
    unlink();
    awaiting_.reset();
}

void Exchange::let_go() {
    requester_ = nullptr;
    stop_waiting();
    if (auto* const responder = std::exchange(responder_, nullptr)) responder->cancel();
    if (waiting_) dispatcher_.withdraw(*this);
}

// ---- from the dispatcher

void Exchange::route_to(policy::Origin const& origin, bool turn_round) {
    request_.scheme = origin.scheme == "https" ? "https" : "http";
    if (entrance_.intercepted && !request_.authority.empty()) return; // the app has named it as it wants
    if (turn_round) {
        turn_round_ = origin;
        client_scheme_ = entrance_.tls ? "https" : "http";
        client_authority_ = request_.authority;
    }
    bool const default_port = origin.port == (origin.scheme == "https" ? 443 : 80);
    bool const literal = origin.host.find(':') != std::string::npos;
    auto const host = literal ? request_.arena.join("[", origin.host, "]") : request_.arena.copy(origin.host);
    request_.authority = default_port ? host : request_.arena.join(host, ":", std::to_string(origin.port));
}

void Exchange::assign(Responder& responder) {
    ++times_sent_;
    so_far_ = {};
    responder_ = &responder;
    responder.request(request_, request_ended_ && kept_body_.empty() && request_trailers_.empty());
    if (responder_ == &responder) send_kept_body(responder);
}

void Exchange::send_kept_body(Responder& responder) {
    bool const ended_with_head = request_ended_ && kept_body_.empty() && request_trailers_.empty();
    if (ended_with_head) return;
    if (!kept_body_.empty()) {
        auto const body = kept_body_.data();
        auto const space = responder.body_space(body.size());
        auto const n = std::min(space.size(), body.size());
        copy_into(space, body.first(n));
        responder.body_written(n);
    }
    if (responder_ != &responder) return;
    if (request_ended_)
        responder.end(request_trailers_);
    else if (requester_ && !responder.congested())
        requester_->more_request_body();
}

bool Exchange::give_stream(policy::Origin const& target) {
    if (!requester_->give_stream(target)) return false;
    begin_response();
    response_ended_ = true;
    return true;
}

void Exchange::answer(LocalResponse const& local) {
    if (!requester_ || response_ended_) return;
    if (response_begun_) {
        response_ended_ = true;
        requester_->abort(local.status == 504 ? Abort::timeout : Abort::upstream_failed);
        return;
    }
    begin_response();
    response_ended_ = true;
    ResponseHead head;
    head.status = local.status;
    for (auto const& [name, value] : local.fields)
        head.add(name, value);
    bool const body_allowed = request_.method != "HEAD";
    bool const end = !body_allowed || (local.body.empty() && local.trailers.empty());
    if (body_allowed)
        head.body = local.trailers.empty() ? BodyLength::known(local.body.size()) : BodyLength::unknown();
    else
        head.declared_length = local.body.size();
    requester_->response(head, end);
    if (end || !requester_) return;

    auto const space = requester_->body_space(local.body.size());
    std::memcpy(space.data(), local.body.data(), local.body.size());
    requester_->body_written(local.body.size());
    Fields trailers;
    for (auto const& [name, value] : local.trailers)
        trailers.push_back({name, value, classify(name)});
    if (requester_) requester_->end(trailers);
}

void Exchange::answer_instead(LocalResponse const& local) {
    if (auto* const responder = std::exchange(responder_, nullptr)) responder->cancel();
    response_begun_ = false;
    response_ended_ = false;
    answer(local);
}

void Exchange::interpose(std::unique_ptr<Intermediary> between) {
    between->asker_ = requester_;
    between_ = std::move(between);
    requester_ = between_.get();
}

// ---- from the responder

void Exchange::informational(ResponseHead& head) {
    if (requester_) requester_->informational(head);
}

void Exchange::response(ResponseHead& head, bool end) {
    if (!requester_) return;
    if (is_connect_stream(request_) && head.status == 505 && head.version != HttpVersion::http2)
        return refused_over_http1(end);
    begin_response();
    so_far_ = {head.status, head.upgraded, false, head.body, 0, std::nullopt};
    so_far_.owes_grpc_status = !end && head.body.kind != BodyLength::Kind::known && speaks_grpc(head.fields);
    look_for_trouble(head.status);
    if (end && speaks_grpc(head.fields)) look_for_trouble(head.fields); // trailers only
    head.add("via", via_of(head.version));
    if (turn_round_) turn_round(head, *turn_round_, client_scheme_, client_authority_);
    if (end) finish_response();
    requester_->response(head, end);
}

void Exchange::look_for_trouble(std::uint16_t status) {
    if (tells_of_trouble(status))
        dispatcher_.spoiled(*this,
                            {tls::By::upstream, tls::Phase::after, tls::FailureKind::http, std::nullopt,
                             "HTTP " + std::to_string(status)},
                            false);
}

void Exchange::look_for_trouble(Fields const& trailers) {
    so_far_.grpc_status = grpc_trouble(trailers);
    if (so_far_.grpc_status)
        dispatcher_.spoiled(*this,
                            {tls::By::upstream, tls::Phase::after, tls::FailureKind::http, std::nullopt,
                             "gRPC status " + std::to_string(*so_far_.grpc_status)},
                            false);
}

/// The app's library could not read the origin's own words about it.
void Exchange::refused_over_http1(bool end) {
    stop_waiting();
    auto* const responder = std::exchange(responder_, nullptr);
    if (!end) responder->cancel();
    dispatcher_.failed(*this,
                       {tls::By::upstream, tls::Phase::after, tls::FailureKind::alpn, std::nullopt,
                        "the origin answers 505 to this stream over http/1.1"},
                       false);
}

void Exchange::begin_response() {
    stop_waiting();
    response_begun_ = true;
    keeping_body_ = false;
    kept_body_.clear();
}

/// The responder has said all it has to say, and may be gone by the time that this returns.
void Exchange::finish_response() {
    response_ended_ = true;
    responder_ = nullptr;
}

std::span<std::uint8_t> Exchange::response_body_space(std::size_t at_least) {
    return requester_ ? requester_->body_space(at_least) : discarded();
}

void Exchange::response_body_written(std::size_t n) {
    so_far_.body_bytes += n;
    if (requester_) requester_->body_written(n);
}

void Exchange::response_body(std::span<std::uint8_t const> piece) {
    so_far_.body_bytes += piece.size();
    while (!piece.empty() && requester_) {
        auto const space = requester_->body_space(piece.size());
        auto const n = std::min(space.size(), piece.size());
        copy_into(space, piece.first(n));
        requester_->body_written(n);
        piece = piece.subspan(n);
    }
}

void Exchange::response_end(Fields const& trailers) {
    if (!trailers.empty())
        look_for_trouble(trailers);
    else if (so_far_.owes_grpc_status)
        dispatcher_.spoiled(*this,
                            {tls::By::upstream, tls::Phase::after, tls::FailureKind::malformed, std::nullopt,
                             "the gRPC call ended without a status"},
                            false);
    finish_response();
    if (requester_) requester_->end(trailers);
}

bool Exchange::response_congested() const {
    return requester_ && requester_->congested();
}

void Exchange::responder_drained() {
    if (requester_ && !request_ended_) requester_->more_request_body();
}

void Exchange::response_overdue(tls::Failure const& failure) {
    stop_waiting();
    std::exchange(responder_, nullptr)->cancel();
    dispatcher_.failed(*this, failure, false);
}

void Exchange::responder_failed(tls::Failure const& failure, bool unprocessed) {
    stop_waiting();
    responder_ = nullptr;
    if (!requester_ || response_ended_) return;
    if (!response_begun_) {
        dispatcher_.failed(*this, failure, unprocessed);
        return;
    }
    response_ended_ = true;
    dispatcher_.spoiled(*this, failure, unprocessed);
    requester_->abort(failure.kind == tls::FailureKind::timeout ? Abort::timeout : Abort::upstream_failed);
}

} // namespace alert40::proxy
