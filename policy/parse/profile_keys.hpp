#pragma once

#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "policy/parse/table.hpp"
#include "tls/profile.hpp"

namespace alert40::policy::parse {

/// Lays the keys of one [profile.x] over what it extends. `where`: "[profile.x]".
void read_profile_keys(Node const& table, std::string_view where, tls::Profile& profile, Context& context);

/// One of them, which there is.
Key<tls::Profile> const& profile_key(std::string_view name);

} // namespace alert40::policy::parse
