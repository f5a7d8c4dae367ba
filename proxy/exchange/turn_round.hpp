#pragma once

#include "policy/policy.hpp"
#include "proxy/message/message.hpp"

#include <string_view>

namespace alert40::proxy {

/// Rewrites what in a response names the origin, so that a client which only knows our address stays here:
/// Location and Content-Location (absolute, or without a scheme) point to `scheme`://`authority`; the Domain
/// of a cookie that covers the origin is dropped, and Secure too where the client does not speak TLS to us.
void turn_round(ResponseHead& head, policy::Origin const& origin, std::string_view scheme,
                std::string_view authority);

} // namespace alert40::proxy
