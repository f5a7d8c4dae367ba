#pragma once

#include "proxy/exchange/downstream.hpp"
#include "proxy/http2/session_memory.hpp"

#include <nghttp2/nghttp2.h>

#include <memory>

namespace alert40::proxy::http2 {

class Connection;

struct SessionDeleter {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }

    std::unique_ptr<SessionMemory> memory = nullptr; ///< a server's
};

/// The protocol state of one connection: frames, HPACK, streams, windows. Knows no socket.
using Session = std::unique_ptr<nghttp2_session, SessionDeleter>;

/// Sessions whose events go to `connection`. They throw std::bad_alloc.
Session make_server_session(Connection& connection, Http2Flaws const& flaws);
Session make_client_session(Connection& connection);
/// Queues our SETTINGS and opens the connection window: the first that each side says. A server that takes
/// over an upgraded connection does so after nghttp2_session_upgrade2.
void announce_server(nghttp2_session* session, Http2Flaws const& flaws);
void announce_client(nghttp2_session* session);

} // namespace alert40::proxy::http2
