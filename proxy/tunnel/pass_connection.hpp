#pragma once

#include "proxy/exchange/downstream.hpp"

#include <memory>

namespace alert40::proxy {

/// An app whose target is known without its saying so, because its bytes are TLS and the target was read from
/// them: they wait in the stream. It is told of a refusal by a TLS alert.
std::unique_ptr<Downstream> make_pass_connection(DownstreamParts parts, policy::Origin const& target);

} // namespace alert40::proxy
