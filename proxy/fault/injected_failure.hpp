#pragma once

#include "proxy/exchange/exchange.hpp"
#include "record/handshake_record.hpp"

#include <string>

namespace alert40::proxy {

/// What is on record of a failure that `rule` made after an app's handshake, or where there was none.
record::ConnectionFailureRecord injected_failure(Entrance const& entrance, policy::Origin const& target,
                                                 std::string rule, tls::FailureKind kind, std::string detail);

} // namespace alert40::proxy
