#pragma once

#include "tls/watch/course.hpp"
#include "tls/wire/handshake_message.hpp"

#include <string_view>

namespace alert40::tls::watch {

/// A message after the first hello, in a sentence: "the ServerHelloDone", "the app's Certificate".
std::string_view name_of_message(Sender sender, wire::HandshakeType type);
std::string_view name_of_finished(Sender sender);

} // namespace alert40::tls::watch
