#pragma once

#include <string>

namespace alert40::tls::engine {

/// The oldest error in this thread's queue, for a person ("no cipher match"); the queue is empty afterwards.
/// "unknown error" when nothing was there.
std::string take_openssl_error();

/// Empties this thread's queue, as SSL_get_error needs it before each operation. Nearly always it is empty,
/// and then this is a tenth of ERR_clear_error.
void drop_openssl_errors();

} // namespace alert40::tls::engine
