#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace alert40::app {

/// What one command takes, read off its parser: --help, the manual page and the completions are projections
/// of it, so that none of them can say something else.
struct Manual {
    struct Flag {
        std::vector<std::string> spellings; ///< "-q", "--quiet"
        std::string value;                  ///< "FILE", "bash|zsh|fish"; empty: a switch
        std::string text;
        bool repeatable = false;

        bool operator==(Flag const&) const = default;
    };

    std::string name; ///< "alert40 run"
    std::string summary;
    std::string details;
    std::string examples; ///< a command a line, "  # " before what it does
    std::vector<Flag> flags;
    std::vector<Flag> arguments; ///< positional; the name is the one spelling
    std::vector<Manual> subcommands;

    bool operator==(Manual const&) const = default;
};

Manual manual_of(CLI::App const& parser);

/// The last word of `name`.
std::string_view own_name(Manual const& manual);
/// "FILE" is a file; "bash|zsh|fish" is one of these; anything else is free text.
std::vector<std::string_view> choices_of(Manual::Flag const& flag);
bool takes_file(Manual::Flag const& flag);

/// For `--help`.
std::string help_text(Manual const& manual);
/// roff, for docs/alert40.1: the whole program.
std::string man_page(Manual const& root);

} // namespace alert40::app
