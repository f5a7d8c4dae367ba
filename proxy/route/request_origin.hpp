#pragma once

#include "policy/policy.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/message/message.hpp"

#include <boost/system/result.hpp>

#include <string>

namespace alert40::proxy {

/// What a request is for, by the names in it.
struct RequestOrigin {
    policy::Origin origin;
    bool turn_round = false; ///< the client knows the origin by an address of ours

    bool operator==(RequestOrigin const&) const = default;
};

/// Why there is none: one line for the client.
struct NoOrigin {
    std::string reason;

    bool operator==(NoOrigin const&) const = default;
};

/// Where the origin comes from, in this order: what the app's TLS was for, the listener's [[map]], an
/// absolute target, a name of the form NAME[.PORT].localhost (then TLS to NAME), :scheme and :authority,
/// Host.
boost::system::result<RequestOrigin, NoOrigin> origin_of(RequestHead const& request,
                                                         Entrance const& entrance);

/// The origin behind NAME[.PORT].localhost, given without ".localhost"; an IPv4 literal wins over a port.
boost::system::result<policy::Origin, NoOrigin> origin_below_localhost(std::string_view name);

} // namespace alert40::proxy
