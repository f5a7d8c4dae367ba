#pragma once

#include "policy/hello_match.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"
#include "policy/parse/table.hpp"

#include <span>

namespace alert40::policy::parse {

/// Reads the table of a rule's `client_hello`.
HelloMatch hello_match_value(Node const& node, Context& context);
/// Complains of keys that no hello fits all together.
void check_hello_match(HelloMatch const& match, Node const& node, Context& context);
/// Its keys, for another table that has them too.
std::span<Key<HelloMatch> const> hello_match_keys();

} // namespace alert40::policy::parse
