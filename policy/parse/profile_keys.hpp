#pragma once

#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "tls/profile.hpp"

namespace alert40::policy::parse {

/// Lays the keys of one [profile.x] over what it extends. `where`: "[profile.x]".
void read_profile_keys(Node const& table, std::string_view where, tls::Profile& profile, Context& context);

} // namespace alert40::policy::parse
