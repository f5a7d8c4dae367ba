#include "proxy/http2/server_session.hpp"

#include "proxy/http2/server_connection.hpp"
#include "proxy/http2/server_stream.hpp"

#include <utility>

namespace alert40::proxy::http2 {
namespace {

/// Streams share the connection evenly. Priorities that a client signals are not followed (RFC 9218 section 2
/// leaves that to the server): by default they would let one long response hold up all others.
void share_evenly(nghttp2_session* session, std::int32_t stream_id) {
    constexpr nghttp2_extpri incremental{NGHTTP2_EXTPRI_DEFAULT_URGENCY, 1};
    nghttp2_session_change_extpri_stream_priority(session, stream_id, &incremental, 1);
}

} // namespace

ServerSession::ServerSession(DownstreamParts parts, std::optional<Http2Upgrade> upgrade)
    : Connection(std::move(parts.stream), tls::By::downstream)
    , dispatcher_(parts.dispatcher)
    , entrance_(parts.entrance)
    , host_(parts.host) {
    start(make_server_session(*this, parts.http2));
    if (upgrade)
        take_over(std::move(*upgrade), parts.http2);
    else
        announce_server(session(), parts.http2);
    if (parts.http2.goaway) greet_and_leave(*parts.http2.goaway);
}

/// RFC 7540 section 3.2: the request that asked for the upgrade is stream 1, and has ended.
void ServerSession::take_over(Http2Upgrade upgrade, Http2Flaws const& flaws) {
    auto const& settings = upgrade.settings;
    int const result =
        nghttp2_session_upgrade2(session(), reinterpret_cast<std::uint8_t const*>(settings.data()),
                                 settings.size(), upgrade.head.method == "HEAD" ? 1 : 0, nullptr);
    announce_server(session(), flaws);
    if (result != 0) {
        nghttp2_session_terminate_session(session(), NGHTTP2_PROTOCOL_ERROR); // HTTP2-Settings that are none
        return;
    }
    auto& stream = static_cast<ServerStream&>(adopt(std::make_unique<ServerStream>(*this, 1)));
    nghttp2_session_set_stream_user_data(session(), 1, static_cast<Stream*>(&stream));
    share_evenly(session(), 1);
    stream.start_upgraded(std::move(upgrade.head));
}

Stream* ServerSession::stream_for(nghttp2_frame const& headers) {
    auto const id = headers.hd.stream_id;
    if (headers.headers.cat != NGHTTP2_HCAT_REQUEST) return find(id);
    auto& stream = adopt(std::make_unique<ServerStream>(*this, id));
    nghttp2_session_set_stream_user_data(session(), id, &stream);
    share_evenly(session(), id);
    return &stream;
}

std::unique_ptr<Downstream> make_server_connection(DownstreamParts parts,
                                                   std::optional<Http2Upgrade> upgrade) {
    return std::make_unique<ServerSession>(std::move(parts), std::move(upgrade));
}

} // namespace alert40::proxy::http2
