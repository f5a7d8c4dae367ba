#pragma once

#include "app/reproduce/recipe.hpp"
#include "app/reproduce/trigger.hpp"

#include <string>

namespace alert40::app::reproduce {

/// `failed` has a host that is one (recipe_for sees to that). The policy, with comments that say what was on
/// record and what is not known. docs/policy.md has its keys.
std::string policy_text(RecordedFailure const& failed, Recipe const& recipe, Trigger const& trigger);

} // namespace alert40::app::reproduce
