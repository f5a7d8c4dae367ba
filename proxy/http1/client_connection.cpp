#include "proxy/http1/client_connection.hpp"

#include "proxy/http1/client_call.hpp"
#include "proxy/http1/head_scanner.hpp"
#include "proxy/http1/read_ahead.hpp"
#include "proxy/http1/response_head.hpp"
#include "proxy/http1/stall_watch.hpp"
#include "proxy/http1/websocket_handshake.hpp"
#include "proxy/http1/write_head.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace alert40::proxy::http1 {
namespace {

using tls::FailureKind;
using tls::engine::Status;
using Time = std::chrono::steady_clock::time_point;

std::string_view as_text(std::span<std::uint8_t const> bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

/// RFC 9110 section 9.2.2.
bool is_idempotent(std::string_view method) {
    static constexpr std::array<std::string_view, 6> methods{"GET",   "HEAD", "OPTIONS",
                                                             "TRACE", "PUT",  "DELETE"};
    return std::ranges::find(methods, method) != methods.end();
}

tls::Failure failure_of(FailureKind kind, std::string_view detail) {
    return {tls::By::upstream, tls::Phase::after, kind, std::nullopt, std::string(detail)};
}

/// One HTTP/1.1 connection to an origin.
///
///     idle -- request() --> call_ -- head, body, both ended --> idle, has_room
///                            |---- cannot be used again ------> over
///
/// An Exchange that was told the end is not touched any more.
class ClientConnection final : public UpstreamConnection, net::ByteStream::Owner, Responder {
  public:
    ClientConnection(std::unique_ptr<net::ByteStream> stream, UpstreamHost& host)
        : stream_(std::move(stream))
        , host_(host)
        , since_(stream_->loop().now()) {
        stream_->start(*this);
    }

    // UpstreamConnection
    std::size_t room() const override { return open_ && !call_ && !draining_ ? 1 : 0; }

    std::size_t active() const override { return call_ ? 1 : 0; }

    Responder& open(Exchange& exchange) override {
        call_ = std::make_unique<ClientCall>(exchange);
        return *this;
    }

    bool carries_upgrade() const override { return true; }

    bool settled() const override { return true; }

    void drain() override;
    void on_tick(Time now) override;

    void explain(tls::Failure& failure) const override { stream_->explain(failure); }

  private:
    // ByteStream::Owner
    void on_readable() override;

    void on_drained() override {
        if (call_) call_->exchange.responder_drained();
    }

    void on_broken(tls::Failure const& failure) override { fail(failure); }

    void on_flush() override;

    // Responder
    void request(RequestHead& head, bool end) override;
    std::span<std::uint8_t> body_space(std::size_t at_least) override;
    void body_written(std::size_t n) override;
    void end(Fields const& trailers) override;
    void cancel() override;

    bool congested() const override {
        return (call_ && call_->switching) || stream_->unsent() > limits::high_water;
    }

    void more_response_body() override { stream_->flush_soon(); }

    // responses
    std::size_t take(std::span<std::uint8_t const> input);
    std::size_t take_some(std::span<std::uint8_t const> input);
    std::size_t take_head(std::span<std::uint8_t const> input);
    std::size_t take_body(std::span<std::uint8_t const> input);
    void head_complete(std::string_view text, bool more_behind);
    void final_head(ResponseHead& head, Framing body, bool more_behind);
    void switched(ResponseHead& head);

    bool reads_directly() const {
        return call_ && call_->body && call_->body->direct() > 0 && ahead_.empty();
    }

    Status read_body();

    bool input_waits() const { return call_ && call_->body && call_->exchange.response_congested(); }

    void peer_ended();

    // ends
    template <typename Tell>
    void response_complete(bool more_behind, Tell tell);
    void fail(tls::Failure const& failure);
    void close_quietly();

    auto taker() {
        return [this](std::span<std::uint8_t const> input) { return take(input); };
    }

    std::unique_ptr<net::ByteStream> stream_;
    UpstreamHost& host_;
    std::unique_ptr<ClientCall> call_;
    ReadAhead ahead_;
    HeadScanner scanner_;
    StallWatch stall_;
    Time since_; ///< idle
    bool open_ = true;
    bool reused_ = false; ///< a response has been completed
    bool draining_ = false;
};

// ---- the request

void ClientConnection::request(RequestHead& head, bool end) {
    call_->head_request = head.method == "HEAD";
    call_->idempotent = is_idempotent(head.method);
    call_->request_ended = end;
    std::string key;
    if (!head.protocol.empty()) {
        call_->switching = true;
        call_->upgrade = head.protocol;
        if (head.protocol == "websocket" && !find(head.fields, FieldName::sec_websocket_key)) {
            key = websocket::make_key();
            call_->websocket_accept = websocket::accept_for(key);
        }
    }
    call_->writer = BodyWriter(write_request_head(stream_->output(), head, end, key));
    stream_->flush_soon();
}

std::span<std::uint8_t> ClientConnection::body_space(std::size_t at_least) {
    return call_->switching ? call_->held.prepare(at_least)
                            : call_->writer.space(stream_->output(), at_least);
}

void ClientConnection::body_written(std::size_t n) {
    if (call_->switching)
        return call_->held.commit(n); // an origin that does not switch must not read it as a request
    call_->writer.written(stream_->output(), n);
    stream_->flush_soon();
}

void ClientConnection::end(Fields const& trailers) {
    call_->request_ended = true;
    if (call_->switching) return;
    if (!call_->writer.end(stream_->output(), trailers))
        return fail({tls::By::downstream, tls::Phase::after, FailureKind::eof, std::nullopt,
                     "the request body is shorter than its Content-Length"});
    if (call_->tunnel)
        stream_->close_after_output();
    else
        stream_->flush_soon();
}

void ClientConnection::cancel() {
    call_.reset();
    close_quietly();
}

// ---- the response

void ClientConnection::on_readable() {
    ahead_.offer(taker());
    for (std::size_t i = 0; i < limits::reads_per_turn && open_ && !input_waits(); ++i) {
        auto const status = reads_directly() ? read_body() : ahead_.read(*stream_, taker());
        if (status == Status::ok) continue;
        if (!open_) return;
        if (status == Status::closed) peer_ended();
        if (status == Status::failed) fail(stream_->failure());
        break;
    }
    if (open_) stream_->pause_reading(input_waits());
}

void ClientConnection::on_flush() {
    if (!open_) return;
    if (call_) call_->sent = true;
    ahead_.offer(taker());
    if (open_) stream_->pause_reading(input_waits());
}

std::size_t ClientConnection::take(std::span<std::uint8_t const> input) {
    std::size_t used = 0;
    while (open_ && call_ && used < input.size()) {
        auto const n = take_some(input.subspan(used));
        if (n == 0) break;
        used += n;
    }
    if (open_ && !call_ && used < input.size()) close_quietly(); // nobody has asked for this
    return open_ ? used : input.size();
}

std::size_t ClientConnection::take_some(std::span<std::uint8_t const> input) {
    if (!call_->body) return take_head(input);
    return call_->exchange.response_congested() ? 0 : take_body(input);
}

std::size_t ClientConnection::take_head(std::span<std::uint8_t const> input) {
    auto const text = as_text(input);
    auto const result = call_->sent ? scanner_.scan(text) : HeadScanner::Result::malformed;
    call_->received = call_->sent;
    bool const hopeless = result == HeadScanner::Result::malformed || !begins_status_line(text);
    if (hopeless || text.size() > limits::head_bytes + limits::read_bytes) {
        fail(failure_of(FailureKind::malformed,
                        hopeless ? "not an HTTP/1.1 response" : "the response head is too large"));
        return 0;
    }
    if (result == HeadScanner::Result::incomplete) {
        if (text.size() >= limits::head_bytes)
            fail(failure_of(FailureKind::malformed, "the response head is too large"));
        return 0;
    }
    auto const size = scanner_.size();
    scanner_.reset();
    head_complete(text.substr(0, size), input.size() > size);
    return size;
}

void ClientConnection::head_complete(std::string_view text, bool more_behind) {
    ResponseHead head;
    FieldsLoan const room(head.fields);
    ResponseTerms terms;
    ResponseContext const context{call_->head_request,
                                  call_->switching ? call_->upgrade : std::string_view{}};
    if (text.size() > limits::head_bytes)
        return fail(failure_of(FailureKind::malformed, "the response head is too large"));
    if (auto const error = parse_response_head(text, context, head, terms))
        return fail(failure_of(FailureKind::malformed, *error));
    if (head.upgraded) return switched(head);
    if (head.status < 200) return call_->exchange.informational(head);
    call_->keep_alive = terms.keep_alive;
    final_head(head, terms.body, more_behind);
}

void ClientConnection::final_head(ResponseHead& head, Framing body, bool more_behind) {
    if (std::exchange(call_->switching, false)) { // refused: there will be no tunnel
        call_->request_ended = true;
        call_->held.clear();
        call_->writer = BodyWriter(Framing::none());
    }
    call_->body.emplace(body);
    if (call_->body->done())
        response_complete(more_behind,
                          [&](Exchange& exchange, BodyReader const&) { exchange.response(head, true); });
    else
        call_->exchange.response(head, false);
}

void ClientConnection::switched(ResponseHead& head) {
    if (!call_->websocket_accept.empty()) {
        auto const* const accept = find(head.fields, FieldName::sec_websocket_accept);
        if (!accept || accept->value != call_->websocket_accept)
            return fail(failure_of(FailureKind::malformed, "Sec-WebSocket-Accept does not answer the key"));
        std::erase_if(head.fields,
                      [](Field const& field) { return field.id == FieldName::sec_websocket_accept; });
    }
    call_->switching = false;
    call_->tunnel = true;
    call_->keep_alive = false;
    call_->body.emplace(Framing::until_close());
    stream_->output().append(call_->held.data());
    call_->held.clear();
    if (call_->request_ended)
        stream_->close_after_output();
    else
        stream_->flush_soon();
    call_->exchange.response(head, false);
    if (call_) call_->exchange.responder_drained();
}

std::size_t ClientConnection::take_body(std::span<std::uint8_t const> input) {
    auto const piece = call_->body->next(input);
    if (call_->body->malformed()) {
        fail(failure_of(FailureKind::malformed, "malformed chunk or trailer"));
        return 0;
    }
    if (!piece.data.empty()) call_->exchange.response_body(piece.data);
    if (call_ && call_->body->done())
        response_complete(input.size() > piece.consumed, [](Exchange& exchange, BodyReader const& body) {
            exchange.response_end(body.trailers());
        });
    return piece.consumed;
}

/// From the stream straight to where it is sent from.
Status ClientConnection::read_body() {
    auto& exchange = call_->exchange;
    auto const most = call_->body->direct();
    auto const space =
        exchange.response_body_space(static_cast<std::size_t>(std::min<std::uint64_t>(most, largest_read)));
    auto const got =
        stream_->read(space.first(static_cast<std::size_t>(std::min<std::uint64_t>(most, space.size()))));
    exchange.response_body_written(got.status == Status::ok ? got.bytes : 0);
    if (got.status != Status::ok || !call_) return got.status;
    call_->body->took(got.bytes);
    if (call_->body->done())
        response_complete(false,
                          [](Exchange& its, BodyReader const& body) { its.response_end(body.trailers()); });
    return got.status;
}

void ClientConnection::peer_ended() {
    if (!call_) return close_quietly();
    if (call_->body && call_->body->end_of_stream())
        return response_complete(
            true, [](Exchange& exchange, BodyReader const& body) { exchange.response_end(body.trailers()); });
    fail(failure_of(FailureKind::eof, call_->received
                                          ? "the origin ended the connection within its response"
                                          : "the origin ended the connection before its response"));
}

// ---- ending

/// `tell` gives the Exchange its end. The connection stays only if nothing is left of either direction.
template <typename Tell>
void ClientConnection::response_complete(bool more_behind, Tell tell) {
    auto const call = std::move(call_);
    bool const stays = call->keep_alive && call->request_ended && !draining_ && !more_behind;
    reused_ = true;
    since_ = stream_->loop().now();
    open_ = stays;
    tell(call->exchange, *call->body);
    if (stays) return host_.has_room(*this);
    stream_->close_after_output();
    host_.closed(*this, std::nullopt);
}

void ClientConnection::fail(tls::Failure const& failure) {
    if (!std::exchange(open_, false)) return;
    auto const call = std::move(call_);
    bool const cut = failure.kind == FailureKind::eof || failure.kind == FailureKind::reset;
    bool const was_idle =
        !call || (reused_ && !call->received && cut); // the origin closed what it thought was idle
    auto const told = failure;                        // `failure` may be the stream's own
    if (call) call->exchange.responder_failed(told, !call->sent || (was_idle && call->idempotent));
    host_.closed(*this, was_idle ? std::nullopt : std::optional(told));
}

void ClientConnection::close_quietly() {
    if (!std::exchange(open_, false)) return;
    stream_->close_after_output();
    host_.closed(*this, std::nullopt);
}

void ClientConnection::drain() {
    draining_ = true;
    if (!call_) close_quietly();
}

void ClientConnection::on_tick(Time now) {
    if (!open_) return;
    if (stall_.stalled(stream_->unsent(), now))
        return fail(failure_of(FailureKind::timeout, "the origin takes nothing of the request"));
    if (!call_ && now - since_ >= limits::idle_upstream) close_quietly();
}

} // namespace

std::unique_ptr<UpstreamConnection> make_client_connection(std::unique_ptr<net::ByteStream> stream,
                                                           UpstreamHost& host) {
    return std::make_unique<ClientConnection>(std::move(stream), host);
}

} // namespace alert40::proxy::http1
