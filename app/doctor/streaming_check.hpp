#pragma once

#include "app/doctor/finding.hpp"
#include "app/doctor/streaming_path.hpp"

namespace alert40::app::doctor {

/// What becomes of messages that an origin sends one by one.
enum class Streaming {
    unbuffered,  ///< each came before the next was sent
    buffered,    ///< they came only when the origin had ended
    unreachable, ///< the request never came to the origin
    broken,      ///< it did, and the messages never came back
};

/// Starts an origin on loopback for the length of the call, which sends a message only when the one before
/// has come through the proxy. No timing decides it, but a path that keeps a message back for
/// `patience` counts as buffered.
Streaming check_streaming(Way way, pointing::ProxyAddress const& proxy, std::string const& authorization,
                          LocalSocket::Time patience);

Finding judge_streaming(Way way, Streaming result, pointing::ProxyAddress const& proxy);

} // namespace alert40::app::doctor
