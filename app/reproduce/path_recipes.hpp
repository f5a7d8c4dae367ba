#pragma once

#include "app/reproduce/recipe.hpp"

/// No TLS came about: what a policy can do about that, and what else can.
namespace alert40::app::reproduce {

Made nobody_listens(RecordedFailure const& failed, Told const& told);
Made no_such_name(RecordedFailure const& failed, Told const& told);
Made dead_address(RecordedFailure const& failed, Told const& told);
Made upstream_proxy(RecordedFailure const& failed, Told const& told);
/// The app's TLS was with the proxy itself.
Made our_own_port(RecordedFailure const& failed, Told const& told);

} // namespace alert40::app::reproduce
