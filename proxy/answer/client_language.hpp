#pragma once

#include "proxy/message/message.hpp"

#include <cstdint>

namespace alert40::proxy {

/// In what form a client can read an error.
enum class ClientLanguage : std::uint8_t {
    problem,       ///< application/problem+json (RFC 9457)
    page,          ///< HTML: a browser
    connect_unary, ///< https://connectrpc.com/docs/protocol
    connect_stream,
    grpc,          ///< https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
    grpc_web,      ///< https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
    grpc_web_text, ///< the same in base64
};

/// By Content-Type, Connect-Protocol-Version and Accept.
ClientLanguage language_of(RequestHead const& request);

} // namespace alert40::proxy
