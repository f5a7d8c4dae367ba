#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace alert40::app {

/// Declares an option whose value is one of "a|b|c"; `value` holds the default and outlives the parse.
CLI::Option& declare_choice(CLI::App& parser, std::string const& name, std::string& value,
                            std::string const& choices, std::string const& text);
/// The same for arguments that may be given several times.
CLI::Option& declare_choices(CLI::App& parser, std::string const& name, std::vector<std::string>& values,
                             std::string const& choices, std::string const& text);

} // namespace alert40::app
