#include "app/manual.hpp"
#include "app/subcommand.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace alert40::app {

namespace {

std::function<Exit()> declare(CLI::App& parser) {
    return [root = parser.get_parent()] {
        std::cout << man_page(manual_of(*root));
        return Exit::fine;
    };
}

} // namespace

Subcommand const man_subcommand{
    .name = "man",
    .summary = "print the manual page",
    .details = "",
    .examples = "  alert40 man | man -l -\n",
    .declare = declare,
    .hidden = true,
};

} // namespace alert40::app
