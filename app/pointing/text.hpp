#pragma once

#include "app/pointing/memory.hpp"
#include "app/shell/syntax.hpp"

namespace alert40::app::pointing {

/// What `alert40 env` prints: lines for the shell to evaluate, or the settings of an editor with comments
/// above them. The shell remembers what it overwrites.
std::string text_of(Client client, shell::Kind shell, Situation const& situation, Memory const& memory);
/// The lines that take it back, to what `memory` says there was.
std::string unset_text_of(Client client, shell::Kind shell, Memory const& memory);
/// All of it as one JSON object: {"proxy", "variables", "settings", "git", "certificates"}.
std::string json_of(Client client, Situation const& situation);

} // namespace alert40::app::pointing
