#pragma once

#include "bytes/byte_queue.hpp"
#include "proxy/http1/framing.hpp"
#include "proxy/message/message.hpp"

#include <string_view>

namespace alert40::proxy::http1 {

/// Writes a request head in origin-form, or the form that its method wants, and says how its body has to be
/// framed. `end`: no body follows. `websocket_key`: to be added; empty: none.
Framing write_request_head(bytes::ByteQueue& out, RequestHead const& head, bool end,
                           std::string_view websocket_key = {});

/// For whom a response head is written.
struct ResponseReader {
    HttpVersion version = HttpVersion::http1_1;
    bool head_request = false;
    bool keep_alive =
        true; ///< as far as the server is concerned; a body that only closing can end changes it
};

/// Writes the head of a final response. The result says how its body has to be framed; with `until_close` the
/// connection does not stay.
Framing write_response_head(bytes::ByteQueue& out, ResponseHead const& head, bool end, ResponseReader reader);

/// Writes a 1xx response other than 101.
void write_informational(bytes::ByteQueue& out, ResponseHead const& head);

/// Writes 101. `websocket_accept`: to be added; empty: none.
void write_switch(bytes::ByteQueue& out, ResponseHead const& head, std::string_view websocket_accept);

/// The reason phrase that goes with a status; empty for one without a name.
std::string_view reason_of(std::uint16_t status);

} // namespace alert40::proxy::http1
