#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace alert40::app::shell {

/// The file of a program: in PATH, then in /usr/sbin and /sbin, which PATH often lacks; a name with a slash
/// is the file itself. Empty: there is none that could be run.
std::filesystem::path find_program(std::string_view name);

/// What waitpid told, as a shell counts it: the exit status, or 128 + the signal.
int shell_status(int wait_status);
/// Until the child is gone.
int wait_for(pid_t child);

} // namespace alert40::app::shell
