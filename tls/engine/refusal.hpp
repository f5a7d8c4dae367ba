#pragma once

#include "tls/alert.hpp"
#include "tls/engine/transcript.hpp"
#include "tls/failure.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace alert40::tls::engine {

/// The end that is not ours.
By peer_of(End end);
/// "the server", "the app"
std::string_view name_of_peer(End end);

/// What is known when OpenSSL gives up.
struct Evidence {
    End end = End::client;
    Phase phase = Phase::client_hello;
    std::optional<Alert> alert; ///< the last one, of either direction
    unsigned long error = 0;    ///< of OpenSSL's queue, the oldest
};

/// Who refused what. Decided by the alerts that were seen and by OpenSSL's reason numbers, never by its
/// texts.
Failure refusal(Evidence const& evidence);

} // namespace alert40::tls::engine
