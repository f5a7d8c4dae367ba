#include "net/resolver/name_servers.hpp"

#include "policy/host_name.hpp"

#include <fstream>
#include <sstream>

namespace alert40::net {

policy::Resolver system_name_server(std::string const& file) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string key, address;
        if (!(words >> key >> address) || key != "nameserver" || !policy::to_ip_literal(address)) continue;
        return {policy::Resolver::Kind::udp, address, 53};
    }
    return {};
}

} // namespace alert40::net
