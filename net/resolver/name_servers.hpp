#pragma once

#include "policy/rule.hpp"

#include <string>

namespace alert40::net {

/// The first server that the system asks (resolv.conf(5)), as a resolver that passes the hosts file by; the
/// system's own way where none is named. Reads the file each time: it changes with the network.
policy::Resolver system_name_server(std::string const& file = "/etc/resolv.conf");

} // namespace alert40::net
