#include "app/completions.hpp"
#include "app/subcommand.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace alert40::app {

namespace {

struct Shell {
    std::string_view name;
    std::string (*script)(Manual const&);
};

constexpr Shell shells[] = {{"bash", bash_completions}, {"zsh", zsh_completions}, {"fish", fish_completions}};

std::function<Exit()> declare(CLI::App& parser) {
    auto const shell = std::make_shared<std::string>();
    parser.add_option("SHELL", *shell, "The shell to write for: bash, zsh or fish")
        ->required()
        ->type_name("bash|zsh|fish");
    return [shell, root = parser.get_parent()] {
        for (auto const& row : shells)
            if (row.name == *shell) {
                std::cout << row.script(manual_of(*root));
                return Exit::fine;
            }
        throw UsageError("no completions for \"" + *shell + "\"; there are bash, zsh and fish");
    };
}

} // namespace

Subcommand const completions_subcommand{
    .name = "completions",
    .summary = "print the completions for a shell",
    .details = "",
    .examples = "  alert40 completions bash > ~/.local/share/bash-completion/completions/alert40\n"
                "  alert40 completions zsh > ~/.zfunc/_alert40\n"
                "  alert40 completions fish > ~/.config/fish/completions/alert40.fish\n",
    .declare = declare,
};

} // namespace alert40::app
