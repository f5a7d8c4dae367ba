#include "proxy/http2/client_session.hpp"

#include "proxy/http2/client_connection.hpp"
#include "proxy/http2/client_stream.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy::http2 {

using tls::FailureKind;

ClientSession::ClientSession(std::unique_ptr<net::ByteStream> stream, UpstreamHost& host)
    : Connection(std::move(stream), tls::By::upstream)
    , host_(host) {
    start(make_client_session(*this));
    announce_client(session());
}

std::size_t ClientSession::room() const {
    if (!usable() || draining() || !nghttp2_session_check_request_allowed(session())) return 0;
    std::size_t const allowed =
        nghttp2_session_get_remote_settings(session(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    auto const most = std::min<std::size_t>(limits::streams, allowed);
    return most > active() ? most - active() : 0;
}

Responder& ClientSession::open(Exchange& exchange) {
    return static_cast<ClientStream&>(adopt(std::make_unique<ClientStream>(*this, exchange)));
}

bool ClientSession::carries_upgrade() const {
    return nghttp2_session_get_remote_settings(session(), NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL) == 1;
}

void ClientSession::on_stream_over() {
    if (draining())
        flush_soon(); // it may have been the last
    else if (room() == 1)
        host_.has_room(*this);
}

// ---- how it fails

void ClientSession::stream_refused(std::uint32_t error_code) {
    if (!refuses_http2(error_code) || responded_) return;
    refused_ = true;
    break_off(ErrorCode::no_error, FailureKind::h2, "RST_STREAM with " + describe(error_code));
}

int ClientSession::on_goaway(nghttp2_goaway const& goaway) {
    goaway_ = goaway.error_code;
    last_processed_ = goaway.last_stream_id;
    if (!refuses_http2(goaway.error_code) || responded_) return 0;
    refused_ = true;
    return break_off(ErrorCode::no_error, FailureKind::h2, "GOAWAY with " + describe(goaway.error_code));
}

void ClientSession::on_first_bytes(std::span<std::uint8_t const> bytes) {
    std::string_view const text{reinterpret_cast<char const*>(bytes.data()), bytes.size()};
    spoke_http1_ = text.starts_with("HTTP/1.");
}

void ClientSession::on_failure(tls::Failure& failure) {
    bool const cut_at_preface = !settled() && !responded_;
    if (cut_at_preface && !refused_) {
        failure.detail = spoke_http1_ ? "the answer to the HTTP/2 preface was HTTP/1.1"
                                      : "HTTP/2 failed before SETTINGS came: " + failure.detail;
        failure.kind = FailureKind::h2;
    }
    bool const said_goodbye = goaway_ && !refused_ && failure.kind == FailureKind::eof;
    if (said_goodbye && active() > 0) {
        failure.kind = FailureKind::h2;
        failure.detail = "GOAWAY with " + describe(*goaway_) + ", and then the end of the connection";
    }
    if (refused_ || cut_at_preface)
        host_.http2_broken(*this, failure);
    else if (active() > 0 || failure.kind != FailureKind::eof) // an origin may close what nobody uses
        failure_ = failure;
}

tls::Failure ClientSession::stream_failure(std::uint32_t error_code) const {
    if (error_code != static_cast<std::uint32_t>(ErrorCode::refused_stream))
        return failure(FailureKind::malformed,
                       std::string("a response that is malformed: ").append(complaint()));
    if (goaway_) return failure(FailureKind::h2, "GOAWAY with " + describe(*goaway_));
    return failure(FailureKind::h2, "the connection takes no more requests");
}

std::unique_ptr<UpstreamConnection> make_client_connection(std::unique_ptr<net::ByteStream> stream,
                                                           UpstreamHost& host) {
    return std::make_unique<ClientSession>(std::move(stream), host);
}

} // namespace alert40::proxy::http2
