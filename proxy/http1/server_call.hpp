#pragma once

#include "proxy/exchange/exchange.hpp"
#include "proxy/http1/body_reader.hpp"
#include "proxy/http1/body_writer.hpp"
#include "proxy/http1/request_head.hpp"
#include "proxy/message/recycled.hpp"

#include <string>

namespace alert40::proxy::http1 {

/// What is done with the bytes that come behind a request's head.
enum class Receiving : std::uint8_t {
    body,      ///< they are the request's, or a tunnel's
    on_switch, ///< they will be a tunnel's if the origin switches protocols: they wait
    ended,     ///< they belong to the next request: they wait
};

/// One request of a downstream connection and its response. An idle connection has none.
struct ServerCall : Recycled<ServerCall> {
    ServerCall(Requester& requester, Dispatcher& dispatcher, Entrance const& entrance)
        : exchange(requester, dispatcher, entrance)
        , room(exchange.request().fields) {}

    Exchange exchange;
    FieldsLoan room;
    BodyReader body{Framing::none()};
    BodyWriter writer;
    std::string websocket_key; ///< the client's, where it wants to switch to WebSocket
    HttpVersion version = HttpVersion::http1_1;
    Receiving receiving = Receiving::ended;
    bool head_request = false;
    bool keep_alive = true;
    bool tunnel = false; ///< protocols were switched
    bool response_begun = false;
    bool response_ended = false;
};

} // namespace alert40::proxy::http1
