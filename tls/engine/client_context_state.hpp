#pragma once

#include "tls/engine/chain_memory.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/openssl_handles.hpp"
#include "tls/engine/session_cache.hpp"

namespace alert40::tls::engine {

/// The two memories lock for themselves.
struct ClientContext::State {
    Profile profile;
    SslContextPtr context;
    SessionCache sessions;
    ChainMemory chains;
    KeyLog key_log;
};

} // namespace alert40::tls::engine
