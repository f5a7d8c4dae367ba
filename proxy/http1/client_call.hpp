#pragma once

#include "bytes/byte_queue.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/http1/body_reader.hpp"
#include "proxy/http1/body_writer.hpp"
#include "proxy/message/recycled.hpp"

#include <optional>
#include <string>

namespace alert40::proxy::http1 {

/// One request on an upstream connection and its response. An idle connection has none.
struct ClientCall : Recycled<ClientCall> {
    explicit ClientCall(Exchange& its_exchange)
        : exchange(its_exchange) {}

    Exchange& exchange;
    BodyWriter writer;
    std::optional<BodyReader> body; ///< once the final head is here
    std::string upgrade;            ///< the protocol that was asked for
    std::string websocket_accept;   ///< expected, where the key is ours
    bytes::ByteQueue held;          ///< a tunnel's bytes that came before the origin has switched
    bool head_request = false;
    bool idempotent = false; ///< RFC 9110 section 9.2.2
    bool sent = false;       ///< something may have left
    bool received = false;   ///< some byte of a response
    bool request_ended = false;
    bool switching = false; ///< asked for, not answered
    bool tunnel = false;
    bool keep_alive = true;
};

} // namespace alert40::proxy::http1
