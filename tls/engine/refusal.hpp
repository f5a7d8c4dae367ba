#pragma once

#include "tls/alert.hpp"
#include "tls/failure.hpp"

#include <optional>
#include <string>

namespace alert40::tls::engine {

/// What is known when OpenSSL gives up.
struct Evidence {
    Phase phase = Phase::client_hello;
    std::optional<Alert> alert; ///< the last one, of either direction
    unsigned long error = 0;    ///< of OpenSSL's queue, the oldest
    std::string certificate;    ///< why the chain was refused; empty: it was not
};

/// Who refused what. Decided by the alerts that were seen and by OpenSSL's reason numbers, never by its
/// texts.
Failure refusal(Evidence const& evidence);

} // namespace alert40::tls::engine
