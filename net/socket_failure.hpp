#pragma once

#include "tls/failure.hpp"

#include <string>

namespace alert40::net {

/// What an errno of connect, send or recv says about the peer or the path.
tls::FailureKind failure_kind_of(int error);
/// "connection refused", in lower case.
std::string reason_of(int error);

} // namespace alert40::net
