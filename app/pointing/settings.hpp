#pragma once

#include "app/pointing/variables.hpp"
#include "app/shell/command.hpp"

namespace alert40::app::pointing {

/// For settings.json of VS Code and Cursor: a JSON object, an entry a line. Checking certificates is never
/// turned off in it.
std::string editor_settings(Situation const& situation);
/// What settings cannot do, a sentence a line.
std::string editor_advice(Client client, Situation const& situation);
/// The commands that point git here for good, whatever the shell.
std::vector<shell::Command> git_commands(Situation const& situation);

} // namespace alert40::app::pointing
