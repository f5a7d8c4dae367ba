#pragma once

#include "proxy/exchange/exchange.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <memory>

namespace alert40::proxy {

/// What tls/watch needs from the engine.
tls::watch::Tools const& watch_tools();

/// What an app has said, once the watch has read its ClientHello whole; null before.
std::shared_ptr<AppHello const> app_hello(tls::watch::HandshakeWatch const& watch);

/// Whom rules are asked about: the target, or the name in the hello of an app that has resolved it by itself.
policy::Origin named_target(policy::Origin target, AppHello const* hello);

} // namespace alert40::proxy
