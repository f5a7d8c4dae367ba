#pragma once

#include <string>
#include <string_view>

namespace alert40::explain {

/// The host that a message is about, where it names one in a way that is known: a URL, host='...',
/// "connection to HOST:443". A name or an address that is safe to be copied to a shell; empty otherwise.
std::string host_in(std::string_view line);

} // namespace alert40::explain
