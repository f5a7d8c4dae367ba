#pragma once

#include "app/reproduce/recipe.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::app::reproduce {

/// Names and addresses, and what stands for them.
using Renaming = std::vector<std::pair<std::string, std::string>>;

/// `--rename api.example.com=origin.test`. Throws std::runtime_error where that is not two names or
/// addresses.
std::pair<std::string, std::string> parsed_renaming(std::string_view text);

/// For every name and address in the record, one that is nobody's (RFC 6761, RFC 5737, RFC 3849).
Renaming anonymous(RecordedFailure const& failed);

/// With all of them replaced, and names below them with them ("eu.api.example.com"), but not within other
/// words.
std::string renamed(std::string_view text, Renaming const& renaming);

/// The same, in all that a policy is written from.
void rename(RecordedFailure& failed, Recipe& recipe, Renaming const& renaming);

} // namespace alert40::app::reproduce
