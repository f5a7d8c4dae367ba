#include "app/choice.hpp"

#include "policy/parse/nearest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

namespace alert40::app {

namespace {

CLI::Validator one_of(std::string const& choices) {
    std::vector<std::string> known;
    std::istringstream names(choices);
    for (std::string name; std::getline(names, name, '|');)
        known.push_back(name);
    return CLI::Validator(
        [known, choices](std::string const& given) {
            if (std::ranges::find(known, given) != known.end()) return std::string();
            return "\"" + given + "\" is none of " + choices + policy::parse::did_you_mean(given, known);
        },
        "");
}

} // namespace

CLI::Option& declare_choice(CLI::App& parser, std::string const& name, std::string& value,
                            std::string const& choices, std::string const& text) {
    return *parser.add_option(name, value, text)->type_name(choices)->check(one_of(choices));
}

CLI::Option& declare_choices(CLI::App& parser, std::string const& name, std::vector<std::string>& values,
                             std::string const& choices, std::string const& text) {
    return *parser.add_option(name, values, text)->type_name(choices)->check(one_of(choices));
}

} // namespace alert40::app
