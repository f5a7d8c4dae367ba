#pragma once

#include "app/exit.hpp"

#include <functional>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace alert40::app {

/// One subcommand: a row of the table in command_line.cpp. A new one is a file that defines a row, and a line
/// there.
struct Subcommand {
    std::string_view name;
    std::string_view summary;  ///< one line of the overview
    std::string_view details;  ///< a paragraph for --help and the manual; may be empty
    std::string_view examples; ///< a command a line, "  # " before what it does
    /// Adds the flags to the subcommand's own parser; what it returns runs the command once they are read.
    std::function<Exit()> (*declare)(CLI::App& parser);
    bool hidden = false; ///< works, but is in no overview
    /// "alert40 ca" has these instead of `declare`.
    std::span<Subcommand const* const> children = {};
};

extern Subcommand const run_subcommand;
extern Subcommand const lab_subcommand;
extern Subcommand const check_subcommand;
extern Subcommand const status_subcommand;
extern Subcommand const forget_subcommand;
extern Subcommand const ca_subcommand;
extern Subcommand const diagnose_subcommand;
extern Subcommand const explain_subcommand;
extern Subcommand const reproduce_subcommand;
extern Subcommand const env_subcommand;
extern Subcommand const exec_subcommand;
extern Subcommand const doctor_subcommand;
extern Subcommand const completions_subcommand;
extern Subcommand const man_subcommand;

/// The program itself, in the manner of a row: what is said above and below its commands.
extern Subcommand const program;

/// Every subcommand, in the order of the overview.
std::span<Subcommand const* const> subcommands();

} // namespace alert40::app
