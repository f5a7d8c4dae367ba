#pragma once

#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "policy/policy.hpp"

// One file a section of the policy: sections are read in this order, so that names are known where they are
// used.
namespace alert40::policy::parse {

void read_listen(Node const& section, Policy& policy, Context& context);    ///< [listen]
void read_authority(Node const& section, Policy& policy, Context& context); ///< [authority]
void read_maps(Node const& section, Policy& policy, Context& context);      ///< [[map]]
void read_profiles(Node const& section, Policy& policy, Context& context);  ///< [profile.x]
void read_ladders(Node const& section, Policy& policy, Context& context);   ///< [ladder.x]
void read_rules(Node const& section, Policy& policy, Context& context);     ///< [[rule]]

/// That the policy listens at all, and nowhere twice. Of sections that were read without an error; null where
/// the file has no such section.
void check_listeners(Node const* listen, Node const* maps, Policy const& policy, Context& context);

std::vector<std::string> profile_names(Policy const& policy);
std::vector<std::string> ladder_names(Policy const& policy);

/// "profile \"x\" does not exist; did you mean ...".
std::string no_such(std::string_view noun, std::string_view typed, std::vector<std::string> const& names);
/// A name for a profile, ladder or rule: 1 to limits::name bytes fit for a line; an error otherwise.
bool is_good_name(std::string_view name, Position at, Context& context);

} // namespace alert40::policy::parse
