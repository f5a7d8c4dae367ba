#pragma once

#include "app/manual.hpp"

#include <string>

namespace alert40::app {

/// Scripts that complete subcommands, flags and their values; each is to be read by its shell at start.
std::string bash_completions(Manual const& root);
std::string zsh_completions(Manual const& root);
std::string fish_completions(Manual const& root);

} // namespace alert40::app
