#pragma once

#include "tls/engine/openssl_handles.hpp"

#include <boost/system/result.hpp>

#include <string>

namespace alert40::tls::engine {

/// The certificates of `ca_file` (PEM), or where it is empty those of the system: SSL_CERT_FILE and
/// SSL_CERT_DIR, else the library's places. The contexts of one policy share a store while its file stays as
/// it is, since loading one takes tens of milliseconds. The error is one line with the file's name.
/// Thread-safe.
boost::system::result<StorePtr, std::string> trust_store(std::string const& ca_file, OSSL_LIB_CTX* library);

} // namespace alert40::tls::engine
