#pragma once

#include "policy/hello_match.hpp"
#include "policy/parse/context.hpp"
#include "policy/parse/document.hpp"

namespace alert40::policy::parse {

/// Reads the table of a rule's `client_hello`.
HelloMatch hello_match_value(Node const& node, Context& context);

} // namespace alert40::policy::parse
