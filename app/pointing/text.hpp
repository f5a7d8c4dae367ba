#pragma once

#include "app/pointing/variables.hpp"
#include "app/shell/syntax.hpp"

namespace alert40::app::pointing {

/// What `alert40 env` prints: lines for the shell to evaluate, or the settings of an editor with comments
/// above them.
std::string text_of(Client client, shell::Kind shell, Situation const& situation);
/// The lines that take it back.
std::string unset_text_of(Client client, shell::Kind shell);
/// All of it as one JSON object: {"proxy", "variables", "settings", "git", "certificates"}.
std::string json_of(Client client, Situation const& situation);

} // namespace alert40::app::pointing
