#pragma once

#include "tls/engine/openssl_handles.hpp"
#include "tls/engine/server_context.hpp"

namespace alert40::tls::engine {

struct ServerContext::State {
    /// Everything that this OpenSSL can do. Throws std::bad_alloc.
    explicit State(KeyLog log);

    SslContextPtr context;
    KeyLog key_log;
};

} // namespace alert40::tls::engine
