#pragma once

#include "tls/engine/openssl_handles.hpp"
#include "tls/engine/server_context.hpp"

namespace alert40::tls::engine {

struct ServerContext::State {
    SslContextPtr context;
    KeyLog key_log;
};

} // namespace alert40::tls::engine
