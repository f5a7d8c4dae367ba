#pragma once

#include "app/pointing/proxy_address.hpp"
#include "policy/policy.hpp"
#include "tls/ca/authority.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::app {

/// What a proxy tells about the way into it; the answer to "way_in" on the control socket.
struct WayIn {
    std::vector<std::string> listening; ///< as of Proxy::listening
    std::string credentials;            ///< "user:password"; empty: it asks for none
    bool intercepts = false;            ///< some rule does, whether of a file or of a flag
    tls::ca::Files authority;           ///< whose certificates it shows where it does

    bool operator==(WayIn const&) const = default;
};

std::string to_json(WayIn const& way_in);
/// Throws CommandError for what a proxy of this version would not send.
WayIn parse_way_in(std::string_view json);

/// What apps have to know of the proxy that they are pointed to.
struct ProxyHere {
    pointing::ProxyAddress address;
    bool intercepts = false;
    tls::ca::Files authority;
};

/// The running one; that of `port` where several run. Nothing: none runs. Throws CommandError where it is not
/// clear which, or where it has mapped listeners only.
std::optional<ProxyHere> running_proxy(std::optional<std::uint16_t> port);
/// The one that would run by this policy. Throws CommandError where it would have no proxy listener.
ProxyHere proxy_of(policy::Policy const& policy);
/// By this policy, where it listens.
ProxyHere proxy_at(pointing::ProxyAddress address, policy::Policy const& policy);

/// Whether a rule makes the authority needed.
bool intercepts(policy::Policy const& policy);

} // namespace alert40::app
