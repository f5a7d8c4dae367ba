#pragma once

#include <string>

namespace alert40::tls::engine {

/// The oldest error in this thread's queue, for a person ("no cipher match"); the queue is empty afterwards.
/// "unknown error" when nothing was there.
std::string take_openssl_error();

} // namespace alert40::tls::engine
