#include "tls/engine/memory_use.hpp"

#include <openssl/ssl.h>

namespace alert40::tls::engine {

void set_memory_use(SSL_CTX* context) {
    SSL_CTX_clear_mode(context, SSL_CTX_get_mode(context));
    SSL_CTX_set_mode(context,
                     SSL_MODE_AUTO_RETRY | SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 0);
}

} // namespace alert40::tls::engine
