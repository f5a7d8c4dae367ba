#pragma once

#include "record/role.hpp"
#include "tls/failure.hpp"

#include <string>
#include <string_view>

namespace alert40::record {

/// "alert 40 handshake_failure".
std::string alert_text(tls::Alert const& alert);
/// "after client_hello", "at connect": where it stood.
std::string_view where(tls::Phase phase);
/// One clause for a person: "alert 40 handshake_failure received after client_hello". The detail follows
/// where it says more; nothing in it can act on a terminal. Where an app takes part, the words say which side
/// it was: "alert 48 unknown_ca from the app after certificate".
std::string failure_text(tls::Failure const& failure, Role role = Role::dialled);

} // namespace alert40::record
