#pragma once

#include <openssl/types.h>

namespace alert40::tls::engine {

/// How the connections of `context` treat memory: a read goes on past tickets; buffers only while bytes are
/// in them; a write is taken whole, wherever it lies; never more is read than the record at hand.
void set_memory_use(SSL_CTX* context);

} // namespace alert40::tls::engine
