#pragma once

#include "policy/ladder.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace alert40::policy::parse {

/// One entry of `on`: "alert:40", "alert:handshake_failure", "received:alert:40" (or "received:40"),
/// "sent:...", "reset", "eof", "timeout", "h2-broken". The error is a sentence.
boost::system::result<Trigger, std::string> parse_trigger(std::string_view text);

} // namespace alert40::policy::parse
