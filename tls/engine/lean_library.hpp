#pragma once

#include <openssl/types.h>

namespace alert40::tls::engine {

/// A library context whose one provider is OpenSSL's default provider without what a TLS client never needs:
/// null where the ordinary context (null) has to do, since it is set up in a way of its own or the library is
/// new enough.
///
/// OpenSSL before 3.2 goes through every decoder and key manager that a context knows, for each certificate
/// that it parses; in the ordinary context that is 40% of a handshake. Lives as long as the process.
/// Thread-safe.
OSSL_LIB_CTX* lean_library();

} // namespace alert40::tls::engine
