#pragma once

#include "tls/server_limits.hpp"

#include <openssl/types.h>

#include <optional>
#include <string>

namespace alert40::tls::engine {

/// Takes away from `context`, which is a server's and can do everything, what `limits` leave out. The error
/// is "limit: reason".
std::optional<std::string> apply_limits(SSL_CTX* context, ServerLimits const& limits);

} // namespace alert40::tls::engine
