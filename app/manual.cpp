#include "app/manual.hpp"

#include "app/subcommand.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace alert40::app {

namespace {

Manual::Flag flag_of(CLI::Option const& option) {
    Manual::Flag flag;
    if (option.get_positional()) flag.spellings.push_back(option.get_name(true));
    for (auto const& name : option.get_snames())
        flag.spellings.push_back("-" + name);
    for (auto const& name : option.get_lnames())
        flag.spellings.push_back("--" + name);
    if (option.get_items_expected_max() > 0) flag.value = option.get_type_name();
    flag.text = option.get_description();
    flag.repeatable = option.get_items_expected_max() > 1;
    return flag;
}

/// The row of a parser that stands below others.
Subcommand const& row_of(CLI::App const& parser) {
    auto const* const parent = parser.get_parent();
    if (!parent) return program;
    auto const rows = parent->get_parent() ? row_of(*parent).children : subcommands();
    return **std::ranges::find(rows, parser.get_name(), &Subcommand::name);
}

std::string full_name(CLI::App const& parser) {
    auto const* const parent = parser.get_parent();
    return parent ? full_name(*parent) + ' ' + parser.get_name() : parser.get_name();
}

} // namespace

Manual manual_of(CLI::App const& parser) {
    Manual manual;
    auto const& row = row_of(parser);
    manual.name = full_name(parser);
    manual.summary = row.summary;
    manual.details = row.details;
    manual.examples = row.examples;
    for (auto const* const option :
         parser.get_options([](auto const* one) { return !one->get_group().empty(); }))
        (option->get_positional() ? manual.arguments : manual.flags).push_back(flag_of(*option));
    for (auto const* const subcommand : parser.get_subcommands([](CLI::App const*) { return true; }))
        if (!subcommand->get_group().empty()) manual.subcommands.push_back(manual_of(*subcommand));
    return manual;
}

std::string_view own_name(Manual const& manual) {
    return std::string_view(manual.name).substr(manual.name.rfind(' ') + 1);
}

std::vector<std::string_view> choices_of(Manual::Flag const& flag) {
    std::vector<std::string_view> choices;
    std::string_view rest = flag.value;
    if (rest.find('|') == rest.npos) return choices;
    while (!rest.empty()) {
        auto const end = std::min(rest.find('|'), rest.size());
        choices.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return choices;
}

bool takes_file(Manual::Flag const& flag) {
    return flag.value == "FILE";
}

} // namespace alert40::app
