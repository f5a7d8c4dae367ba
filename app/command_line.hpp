#pragma once

namespace alert40::app {

/// Reads the command line, runs the subcommand, prints what went wrong in one line. Returns the exit status.
int run_command_line(int argc, char const* const* argv);

} // namespace alert40::app
