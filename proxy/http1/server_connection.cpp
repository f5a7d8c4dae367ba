#include "proxy/http1/server_connection.hpp"

#include "proxy/answer/bad_request.hpp"
#include "proxy/http1/head_scanner.hpp"
#include "proxy/http1/read_ahead.hpp"
#include "proxy/http1/server_call.hpp"
#include "proxy/http1/stall_watch.hpp"
#include "proxy/http1/websocket_handshake.hpp"
#include "proxy/http1/write_head.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace alert40::proxy::http1 {
namespace {

using tls::engine::Status;
using Time = std::chrono::steady_clock::time_point;

/// RFC 9110 section 9.3.6: no fields that would be taken for the tunnel's.
constexpr std::string_view connect_granted = "HTTP/1.1 200 Connection established\r\n\r\n";

std::string_view as_text(std::span<std::uint8_t const> bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

/// One HTTP/1 connection of an app.
///
///     idle -- head complete --> call_ -- response and request ended --> idle
///                                |---- cannot go on that way ---------> leaving -- peer has read it --> over
///
/// Whatever ends a call waits for the end of the turn (on_flush): the Exchange may be further up the call
/// stack.
class ServerConnection final : public Downstream, net::ByteStream::Owner, Requester {
  public:
    explicit ServerConnection(DownstreamParts parts)
        : stream_(std::move(parts.stream))
        , dispatcher_(parts.dispatcher)
        , entrance_(parts.entrance)
        , host_(parts.host)
        , since_(stream_->loop().now()) {
        stream_->start(*this);
    }

    // Downstream
    void drain() override;
    void on_tick(Time now) override;

  private:
    enum class Stage : std::uint8_t { open, leaving, over };

    // ByteStream::Owner
    void on_readable() override;
    void on_drained() override;

    void on_broken(tls::Failure const&) override { end_connection(); }

    void on_flush() override;

    // Requester
    void informational(ResponseHead& head) override;
    void response(ResponseHead& head, bool end) override;

    std::span<std::uint8_t> body_space(std::size_t at_least) override {
        return call_->writer.space(stream_->output(), at_least);
    }

    void body_written(std::size_t n) override {
        call_->writer.written(stream_->output(), n);
        stream_->flush_soon();
    }

    void end(Fields const& trailers) override;

    void abort(Abort) override { cut_response(); }

    bool congested() const override { return stream_->unsent() > limits::high_water; }

    void more_request_body() override { stream_->flush_soon(); }

    bool give_stream(policy::Origin const& target) override;
    void break_off(Breach const& breach) override;

    // requests
    std::size_t take(std::span<std::uint8_t const> input);
    std::size_t take_some(std::span<std::uint8_t const> input);
    std::size_t take_head(std::span<std::uint8_t const> input);
    std::size_t take_body(std::span<std::uint8_t const> input);
    std::optional<Refusal> hopeless(std::string_view begun) const;
    void start_call(std::string_view head, std::span<std::uint8_t const> behind);
    void switch_to_http2(std::unique_ptr<ServerCall> call, std::string settings,
                         std::span<std::uint8_t const> behind);
    bool reads_directly() const;
    Status read_body();
    void request_body_ended();
    void malformed_body();
    void client_ended();
    bool input_waits() const;

    // responses and ends
    void switch_protocols(ResponseHead& head);
    void write_switch_to(ResponseHead& head);
    void response_ended();
    void next_call();
    void refuse(Refusal refusal);
    void cut_response();
    void leave();
    void discard_input();
    void end_connection();

    auto taker() {
        return [this](std::span<std::uint8_t const> input) { return take(input); };
    }

    Time now() const { return stream_->loop().now(); }

    std::unique_ptr<net::ByteStream> stream_; ///< null once it goes on as HTTP/2
    Dispatcher& dispatcher_;
    Entrance const& entrance_;
    DownstreamHost& host_;
    std::unique_ptr<ServerCall> call_;
    std::span<std::uint8_t const> behind_; ///< the head, while its call starts
    ReadAhead ahead_;
    HeadScanner scanner_;
    StallWatch stall_;
    Time since_; ///< idle, or receiving a head, or leaving
    Stage stage_ = Stage::open;
    bool skipped_empty_line_ = false; ///< before the next request
    bool draining_ = false;
    bool client_ended_ = false;
};

// ---- receiving

void ServerConnection::on_readable() {
    if (stage_ == Stage::leaving) return discard_input();
    ahead_.offer(taker());
    for (std::size_t i = 0; i < limits::reads_per_turn && stage_ == Stage::open && !input_waits(); ++i) {
        auto const status = reads_directly() ? read_body() : ahead_.read(*stream_, taker());
        if (status == Status::ok) continue;
        if (stage_ != Stage::open) return;
        if (status == Status::closed) client_ended();
        if (status == Status::failed) end_connection();
        break;
    }
    if (stage_ == Stage::open) stream_->pause_reading(input_waits());
}

void ServerConnection::on_flush() {
    if (stage_ != Stage::open) return;
    if (call_ && call_->response_ended) next_call();
    if (stage_ == Stage::open) ahead_.offer(taker());
    if (stage_ == Stage::open) stream_->pause_reading(input_waits());
}

/// What comes now cannot be used before something else has happened.
bool ServerConnection::input_waits() const {
    if (!call_) return false;
    return call_->receiving == Receiving::body ? call_->exchange.request_congested()
                                               : ahead_.size() >= limits::read_ahead;
}

std::size_t ServerConnection::take(std::span<std::uint8_t const> input) {
    std::size_t used = 0;
    while (stage_ == Stage::open && used < input.size()) {
        auto const n = take_some(input.subspan(used));
        if (n == 0) break;
        used += n;
    }
    return stage_ == Stage::open ? used : input.size();
}

std::size_t ServerConnection::take_some(std::span<std::uint8_t const> input) {
    if (!call_) return take_head(input);
    bool const wanted = call_->receiving == Receiving::body && !call_->exchange.request_congested();
    return wanted ? take_body(input) : 0;
}

std::size_t ServerConnection::take_head(std::span<std::uint8_t const> input) {
    auto const text = as_text(input);
    if (scanner_.fresh()) {
        since_ = now();
        if (!skipped_empty_line_ && text == "\r") return 0;
        if (!std::exchange(skipped_empty_line_, true) && text.starts_with("\r\n"))
            return 2; // RFC 9112 section 2.2
    }
    auto const result = scanner_.scan(text);
    if (result == HeadScanner::Result::malformed) {
        refuse({400, "malformed line"});
        return 0;
    }
    if (result == HeadScanner::Result::incomplete) {
        if (auto const refusal = hopeless(text)) refuse(*refusal);
        return 0;
    }
    auto const size = scanner_.size();
    scanner_.reset();
    skipped_empty_line_ = false;
    start_call(text.substr(0, size), input.subspan(size));
    return size;
}

/// Why a head that has only begun is not worth waiting for.
std::optional<Refusal> ServerConnection::hopeless(std::string_view begun) const {
    auto const line_end = begun.find("\r\n");
    if (begun.size() >= limits::head_bytes)
        return line_end == std::string_view::npos ? Refusal{414, "the request line is too long"}
                                                  : Refusal{431, "the head is too large"};
    if (line_end == std::string_view::npos && !begins_request_line(begun)) return Refusal{400, "not HTTP"};
    return std::nullopt;
}

void ServerConnection::start_call(std::string_view head, std::span<std::uint8_t const> behind) {
    if (head.size() > limits::head_bytes) return refuse({431, "the head is too large"});
    auto call = std::make_unique<ServerCall>(static_cast<Requester&>(*this), dispatcher_, entrance_);
    auto& request = call->exchange.request();
    RequestTerms terms;
    if (auto const refusal = parse_request_head(head, request, terms)) return refuse(*refusal);
    if (terms.http2_settings)
        return switch_to_http2(std::move(call), std::move(*terms.http2_settings), behind);

    call_ = std::move(call);
    call_->version = request.version;
    call_->head_request = request.method == "HEAD";
    call_->keep_alive = terms.keep_alive;
    call_->body = BodyReader(terms.body);
    if (!call_->body.done()) call_->receiving = Receiving::body;
    if (!request.protocol.empty() || request.method == "CONNECT") {
        call_->receiving = Receiving::on_switch;
        if (auto const* const key = find(request.fields, FieldName::sec_websocket_key))
            call_->websocket_key = key->value;
    }
    behind_ = behind;
    call_->exchange.start(call_->receiving == Receiving::ended);
    behind_ = {};
}

/// While the call starts: what came behind the head is still at hand. TLS within our TLS is no stream of its
/// own.
bool ServerConnection::give_stream(policy::Origin const& target) {
    if (stream_->is_tls()) return false;
    stream_->output().append(connect_granted);
    stream_->flush_soon();
    stream_->push_back(behind_);
    stage_ = Stage::over;
    host_.intercept(*this, std::move(stream_), target);
    return true;
}

/// RFC 7540 section 3.2: this very request is answered as stream 1.
void ServerConnection::switch_to_http2(std::unique_ptr<ServerCall> call, std::string settings,
                                       std::span<std::uint8_t const> behind) {
    stream_->output().append(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    stream_->flush_soon();
    stream_->push_back(behind);
    stage_ = Stage::over;
    Http2Upgrade upgrade{std::move(settings), std::move(call->exchange.request())};
    call.reset();
    host_.upgrade(*this, std::move(stream_), std::move(upgrade));
}

std::size_t ServerConnection::take_body(std::span<std::uint8_t const> input) {
    auto const piece = call_->body.next(input);
    if (call_->body.malformed()) {
        malformed_body();
        return 0;
    }
    if (!piece.data.empty()) call_->exchange.request_body(piece.data);
    if (stage_ == Stage::open && call_->body.done()) request_body_ended();
    return piece.consumed;
}

bool ServerConnection::reads_directly() const {
    return call_ && call_->receiving == Receiving::body && call_->body.direct() > 0 && ahead_.empty();
}

/// From the stream straight to where it is sent from.
Status ServerConnection::read_body() {
    auto& exchange = call_->exchange;
    auto const most = call_->body.direct();
    auto const space =
        exchange.request_body_space(static_cast<std::size_t>(std::min<std::uint64_t>(most, largest_read)));
    auto const got =
        stream_->read(space.first(static_cast<std::size_t>(std::min<std::uint64_t>(most, space.size()))));
    exchange.request_body_written(got.status == Status::ok ? got.bytes : 0);
    if (got.status != Status::ok || stage_ != Stage::open) return got.status;
    call_->body.took(got.bytes);
    if (call_->body.done()) request_body_ended();
    return got.status;
}

void ServerConnection::request_body_ended() {
    call_->receiving = Receiving::ended;
    call_->exchange.request_end(call_->body.trailers());
}

void ServerConnection::malformed_body() {
    if (call_->response_begun) return cut_response();
    call_->exchange.requester_gone();
    refuse({400, "malformed chunk or trailer"});
}

/// FIN. Behind a tunnel the other direction goes on; anywhere else nobody waits for the answer any more.
void ServerConnection::client_ended() {
    client_ended_ = true;
    if (call_ && call_->tunnel) {
        if (call_->receiving != Receiving::body) return;
        call_->body.end_of_stream();
        return request_body_ended();
    }
    bool const finished = call_ ? call_->response_ended : stream_->unsent() > 0;
    finished ? leave() : end_connection();
}

// ---- answering

void ServerConnection::informational(ResponseHead& head) {
    if (call_->version == HttpVersion::http1_0 || call_->response_begun) return; // RFC 9110 section 15.2
    write_informational(stream_->output(), head);
    stream_->flush_soon();
}

void ServerConnection::response(ResponseHead& head, bool end) {
    call_->response_begun = true;
    stream_->flush_soon();
    if (head.upgraded) return switch_protocols(head);

    if (call_->receiving == Receiving::on_switch) call_->receiving = Receiving::ended;
    ResponseReader const reader{call_->version, call_->head_request,
                                call_->keep_alive && !draining_ && call_->receiving == Receiving::ended};
    auto const framing = write_response_head(stream_->output(), head, end, reader);
    call_->keep_alive = reader.keep_alive && framing.kind != Framing::Kind::until_close;
    call_->writer = BodyWriter(framing);
    if (end) response_ended();
}

void ServerConnection::switch_protocols(ResponseHead& head) {
    if (call_->exchange.request().method == "CONNECT")
        stream_->output().append(connect_granted);
    else
        write_switch_to(head);
    call_->tunnel = true;
    call_->keep_alive = false;
    call_->writer = BodyWriter(Framing::until_close());
    call_->body = BodyReader(Framing::until_close());
    call_->receiving = Receiving::body;
}

void ServerConnection::write_switch_to(ResponseHead& head) {
    if (head.protocol.empty()) head.protocol = call_->exchange.request().protocol;
    bool const answer_key =
        !call_->websocket_key.empty() && !find(head.fields, FieldName::sec_websocket_accept);
    write_switch(stream_->output(), head,
                 answer_key ? websocket::accept_for(call_->websocket_key) : std::string{});
}

void ServerConnection::end(Fields const& trailers) {
    if (!call_->writer.end(stream_->output(), trailers)) return cut_response();
    response_ended();
}

void ServerConnection::response_ended() {
    call_->response_ended = true;
    stream_->flush_soon();
}

void ServerConnection::next_call() {
    bool const stays = call_->keep_alive && call_->receiving == Receiving::ended && !draining_;
    call_.reset();
    since_ = now();
    if (!stays) leave();
}

void ServerConnection::on_drained() {
    if (stage_ == Stage::leaving && client_ended_) return end_connection();
    if (stage_ == Stage::open && call_ && !call_->response_ended) call_->exchange.requester_drained();
}

// ---- ending

/// Answers from here, and takes nothing more (RFC 9112 section 9.6).
void ServerConnection::refuse(Refusal refusal) {
    auto const local = bad_request(refusal.status, refusal.reason);
    ResponseHead head;
    head.status = local.status;
    for (auto const& [name, value] : local.fields)
        head.add(name, value);
    head.body = BodyLength::known(local.body.size());
    write_response_head(stream_->output(), head, false,
                        {.version = HttpVersion::http1_1, .keep_alive = false});
    stream_->output().append(local.body);
    leave();
}

/// The response ends here, and the client has to notice: by the missing end where it knows of one, else by a
/// reset.
void ServerConnection::cut_response() {
    call_->exchange.requester_gone();
    if (call_->writer.framing().kind != Framing::Kind::until_close) return leave();
    stream_->reset_at_end();
    end_connection();
}

void ServerConnection::break_off(Breach const& breach) {
    call_->exchange.requester_gone();
    if (!breach.close_notify) stream_->leave_out_close_notify();
    if (breach.kind != Breach::Kind::reset) return leave();
    stream_->reset_at_end();
    end_connection();
}

/// Sends what is still to be sent, and gives the peer time to read it: closing at once could reset it away.
void ServerConnection::leave() {
    stage_ = Stage::leaving;
    since_ = now();
    stream_->pause_reading(false);
    stream_->close_after_output();
}

void ServerConnection::discard_input() {
    for (std::size_t i = 0; i < limits::reads_per_turn; ++i) {
        auto const status = stream_->read(scratch()).status;
        if (status == Status::failed) return end_connection();
        if (status == Status::closed) {
            client_ended_ = true;
            if (stream_->unsent() == 0) end_connection();
        }
        if (status != Status::ok) return;
    }
}

void ServerConnection::end_connection() {
    if (std::exchange(stage_, Stage::over) == Stage::over) return;
    if (call_) call_->exchange.requester_gone();
    host_.closed(*this);
}

void ServerConnection::drain() {
    draining_ = true;
    if (stage_ != Stage::open || call_ || !ahead_.empty()) return;
    stream_->close_after_output();
    end_connection();
}

void ServerConnection::on_tick(Time now) {
    if (stage_ == Stage::over) return;
    if (stall_.stalled(stream_->unsent(), now)) return end_connection();
    if (stage_ == Stage::leaving) {
        if (stream_->unsent() == 0 && (client_ended_ || now - since_ >= limits::leave_time)) end_connection();
        return;
    }
    if (call_) return;
    if (!ahead_.empty() && now - since_ >= limits::request_head_time)
        return refuse({408, "the head took too long"});
    if (ahead_.empty() && now - since_ >= limits::idle_downstream) {
        stream_->close_after_output();
        end_connection();
    }
}

} // namespace

std::unique_ptr<Downstream> make_server_connection(DownstreamParts parts) {
    return std::make_unique<ServerConnection>(std::move(parts));
}

} // namespace alert40::proxy::http1
