#include "proxy/http2/client_stream.hpp"

#include "proxy/http2/client_session.hpp"
#include "proxy/http2/field_block.hpp"

#include <utility>

namespace alert40::proxy::http2 {
namespace {

constexpr bool interim(std::uint16_t status) {
    return status / 100 == 1;
}

constexpr bool successful(std::uint16_t status) {
    return status / 100 == 2;
}

/// RFC 9113 section 8.3.1 and 8.5, RFC 8441 section 4.
void add_pseudo_fields(FieldBlock& block, RequestHead const& head, bool tls) {
    bool const extended_connect = !head.protocol.empty();
    bool const plain_connect = !extended_connect && head.method == "CONNECT";
    block.add(":method", extended_connect ? "CONNECT" : head.method);
    if (extended_connect) block.add(":protocol", head.protocol);
    if (!plain_connect) {
        block.add(":scheme", tls ? "https" : "http"); // what this connection is, whatever the client's was
        block.add(":path", head.path);
    }
    if (!head.authority.empty()) block.add(":authority", head.authority);
}

} // namespace

ClientStream::ClientStream(ClientSession& session, Exchange& exchange)
    : Stream(session)
    , session_(session)
    , exchange_(&exchange) {}

// ---- the request

void ClientStream::request(RequestHead& head, bool end) {
    tunnel_ = !head.protocol.empty() || head.method == "CONNECT";
    protocol_ = protocol_text_.copy(head.protocol);

    FieldBlock block(FieldBlock::Text::borrowed);
    add_pseudo_fields(block, head, connection_.is_tls());
    block.add_fields(head.fields, head.arena);
    if (head.body.kind == BodyLength::Kind::known) block.add_content_length(head.body.bytes, head.arena);
    if (head.trailers_accepted) block.add("te", "trailers");

    auto const body = body_provider();
    bool const open = !end || tunnel_;
    id_ = nghttp2_submit_request(connection_.session(), nullptr, block.data(), block.size(),
                                 open ? &body : nullptr, static_cast<Stream*>(this));
    if (id_ < 0) {
        not_sent_ = true;
        connection_.call_later(*this);
    }
    if (!open) end_output({});
    connection_.flush_soon();
}

void ClientStream::cancel() {
    exchange_ = nullptr;
    if (id_ > 0) reset(ErrorCode::cancel);
}

// ---- the response

void ClientStream::begin_head(nghttp2_headers_category) {
    head_.clear();
    room_.emplace(head_.fields);
    reader_ = {};
}

void ClientStream::add_field(std::string_view name, std::string_view value, bool never_index) {
    if (exchange_) reader_.add(head_, name, value, never_index);
}

void ClientStream::head_complete(bool end) {
    session_.responded();
    if (exchange_) deliver_section(end);
    room_.reset();
}

void ClientStream::deliver_section(bool end) {
    if (!reader_.finish(head_, end)) {
        reset(ErrorCode::cancel);
        return fail(
            session_.failure(tls::FailureKind::malformed, "the response has more header fields than we take"),
            false);
    }
    if (final_head_came_)
        return deliver_end(head_.fields); // nghttp2 has seen to it that these end the stream
    if (interim(head_.status)) return exchange_->informational(head_);
    final_head_came_ = true;
    deliver_head(end);
}

void ClientStream::deliver_head(bool end) {
    if (tunnel_ && successful(head_.status)) {
        head_.upgraded = true;
        head_.protocol = protocol_;
        head_.body = BodyLength::none();
        std::erase_if(head_.fields,
                      [](Field const& field) { return field.id == FieldName::sec_websocket_accept; });
        exchange_->response(head_, false);
        if (end && exchange_) deliver_end({});
        return;
    }
    auto& exchange = *exchange_;
    if (end) response_complete();
    exchange.response(head_, end);
}

void ClientStream::data(std::span<std::uint8_t const> piece) {
    hold(piece.size());
    if (exchange_) exchange_->response_body(piece);
    if (!exchange_ || !exchange_->response_congested()) pass_on();
}

void ClientStream::peer_ended() {
    if (exchange_) deliver_end({});
}

void ClientStream::deliver_end(Fields const& trailers) {
    auto& exchange = *exchange_;
    response_complete();
    exchange.response_end(trailers);
}

/// Nothing more is told to the Exchange. What of its request is complete still goes out; half a request is
/// taken back.
void ClientStream::response_complete() {
    exchange_ = nullptr;
    if (!output_ended()) reset(ErrorCode::cancel);
}

// ---- failure

void ClientStream::closed(std::uint32_t error_code) {
    if (peer_reset_) session_.stream_refused(error_code);
    if (!exchange_) return;
    fail(peer_reset_ ? session_.failure(tls::FailureKind::h2, "RST_STREAM with " + describe(error_code))
                     : session_.stream_failure(error_code),
         leaves_unprocessed(error_code));
}

void ClientStream::lost(tls::Failure const& failure) {
    if (exchange_) fail(failure, session_.unprocessed(id_));
}

void ClientStream::fail(tls::Failure const& failure, bool unprocessed) {
    std::exchange(exchange_, nullptr)->responder_failed(failure, unprocessed);
}

void ClientStream::end_of_turn() {
    if (not_sent_) {
        if (exchange_)
            fail(session_.stream_failure(static_cast<std::uint32_t>(ErrorCode::refused_stream)), true);
        delete this;
        return;
    }
    if (take_drained() && exchange_) exchange_->responder_drained();
}

} // namespace alert40::proxy::http2
