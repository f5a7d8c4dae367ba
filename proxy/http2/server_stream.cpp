#include "proxy/http2/server_stream.hpp"

#include "proxy/http2/field_block.hpp"
#include "proxy/http2/server_session.hpp"

#include <array>
#include <utility>

namespace alert40::proxy::http2 {
namespace {

constexpr ErrorCode code_of(Abort reason) {
    switch (reason) {
    case Abort::upstream_failed:
    case Abort::timeout: return ErrorCode::internal_error;
    case Abort::refused: return ErrorCode::refused_stream;
    case Abort::protocol: return ErrorCode::protocol_error;
    }
    return ErrorCode::internal_error;
}

bool successful(std::uint16_t status) {
    return status / 100 == 2;
}

std::string_view status_text(std::uint16_t status, Arena& arena) {
    char* const digits = arena.take(3);
    digits[0] = static_cast<char>('0' + status / 100 % 10);
    digits[1] = static_cast<char>('0' + status / 10 % 10);
    digits[2] = static_cast<char>('0' + status % 10);
    return {digits, 3};
}

} // namespace

ServerStream::ServerStream(ServerSession& session, std::int32_t id)
    : Stream(session)
    , exchange_(*this, session.dispatcher(), session.entrance()) {
    id_ = id;
}

// ---- the request

void ServerStream::start_upgraded(RequestHead head) {
    exchange_.request() = std::move(head);
    started_ = true;
    request_ended_ = true;
    exchange_.start(true);
}

void ServerStream::begin_head(nghttp2_headers_category category) {
    in_trailers_ = category != NGHTTP2_HCAT_REQUEST;
    if (in_trailers_) reader_ = {};
}

void ServerStream::add_field(std::string_view name, std::string_view value, bool never_index) {
    if (!in_trailers_) {
        reader_.add(exchange_.request(), name, value, never_index);
    } else if (started_ && reader_.spend(name, value) && !stays_behind(classify(name))) {
        auto& arena = exchange_.request().arena;
        trailers_.push_back({arena.copy(name), arena.copy(value), classify(name), never_index});
    }
}

void ServerStream::head_complete(bool end) {
    if (in_trailers_) {
        if (reader_.too_large()) return reset(ErrorCode::enhance_your_calm);
        if (end) peer_ended();
        return;
    }
    request_ended_ = end;
    switch (reader_.finish(exchange_.request(), end)) {
    case RequestReader::Verdict::malformed: return reset(ErrorCode::protocol_error);
    case RequestReader::Verdict::too_large: return refuse("431");
    case RequestReader::Verdict::good: break;
    }
    started_ = true;
    if (reader_.tunnel()) tunnel_ = Tunnel::asked;
    exchange_.start(end && !holding_back());
}

void ServerStream::data(std::span<std::uint8_t const> piece) {
    hold(piece.size());
    if (holding_back()) {
        held_back_.append(piece); // no more than the window, which stays closed
        return;
    }
    if (started_ && tunnel_ != Tunnel::refused) exchange_.request_body(piece);
    more_request_body();
}

void ServerStream::peer_ended() {
    request_ended_ = true;
    if (started_ && !holding_back()) exchange_.request_end(trailers_);
}

void ServerStream::more_request_body() {
    if (!holding_back() && !exchange_.request_congested()) pass_on();
}

// ---- the response

void ServerStream::informational(ResponseHead& head) {
    Arena status;
    FieldBlock block(FieldBlock::Text::copied);
    block.add(":status", status_text(head.status, status));
    block.add_fields(head.fields, head.arena);
    nghttp2_submit_headers(connection_.session(), NGHTTP2_FLAG_NONE, id_, nullptr, block.data(), block.size(),
                           nullptr);
    connection_.flush_soon();
}

void ServerStream::response(ResponseHead& head, bool end) {
    answered_ = true;
    response_text_ = std::move(head.arena);
    auto status = head.upgraded ? std::uint16_t{200} : head.status;
    if (tunnel_ == Tunnel::asked) {
        tunnel_ = head.upgraded ? Tunnel::granted : Tunnel::refused;
        // an origin that ignored the upgrade: its 200 must not be taken for a tunnel (RFC 8441 section 5)
        if (!head.upgraded && successful(status)) status = 502;
        connection_.call_later(*this);
    }

    FieldBlock block(FieldBlock::Text::borrowed);
    block.add(":status", status_text(status, response_text_));
    block.add_fields(head.fields, response_text_);
    if (head.body.kind == BodyLength::Kind::known && !head.upgraded)
        block.add_content_length(head.body.bytes, response_text_);
    else if (head.declared_length)
        block.add_content_length(*head.declared_length, response_text_);

    auto const body = body_provider();
    nghttp2_submit_response(connection_.session(), id_, block.data(), block.size(), end ? nullptr : &body);
    connection_.flush_soon();
}

/// A response made here, for a request that goes nowhere.
void ServerStream::refuse(std::string_view status) {
    answered_ = true;
    FieldBlock block(FieldBlock::Text::copied);
    block.add(":status", status);
    block.add("content-length", "0");
    nghttp2_submit_response(connection_.session(), id_, block.data(), block.size(), nullptr);
    connection_.flush_soon();
}

void ServerStream::abort(Abort reason) {
    if (answered_)
        reset_after_output(code_of(reason));
    else
        reset(code_of(reason));
}

/// RFC 9113 section 8.1: the response is complete, and nobody will read the rest of the request.
void ServerStream::output_complete() {
    if (!request_ended_) reset(ErrorCode::no_error);
}

void ServerStream::break_off(Breach const& breach) {
    switch (breach.kind) {
    case Breach::Kind::cut_short: return end_output({});
    case Breach::Kind::rst_stream: return reset_after_output(static_cast<ErrorCode>(breach.error_code));
    case Breach::Kind::close:
    case Breach::Kind::reset:
    case Breach::Kind::goaway: break;
    }
    breach_ = std::make_unique<Breach>(breach);
    connection_.call_later(*this);
}

void ServerStream::end_of_turn() {
    if (breach_) return connection_.break_off(Breach{*breach_}, id_);
    if (tunnel_ == Tunnel::granted || !held_back_.empty()) release_held_back();
    if (take_drained()) exchange_.requester_drained();
}

void ServerStream::release_held_back() {
    auto const bytes = std::exchange(held_back_, {});
    if (tunnel_ == Tunnel::granted) {
        tunnel_ = Tunnel::open;
        exchange_.request_body(bytes.data());
        if (request_ended_) exchange_.request_end({});
    }
    more_request_body();
}

} // namespace alert40::proxy::http2
