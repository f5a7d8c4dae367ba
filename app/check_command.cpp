#include "app/engine_capabilities.hpp"
#include "app/policy_source.hpp"
#include "app/subcommand.hpp"
#include "policy/describe.hpp"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>

namespace alert40::app {

namespace json = boost::json;
using policy::parse::Problem;

namespace {

struct Flags {
    std::vector<std::string> files;
    bool json = false;
};

/// One policy and what was found in it.
struct Checked {
    std::string name;
    std::vector<Problem> errors, warnings;
    std::string meaning; ///< in plain words; empty with errors
};

Checked check(std::string const& file, policy::Capabilities const& capabilities) {
    RunFlags flags;
    flags.config = file;
    PolicySource const source(flags, capabilities);
    auto loaded = source.load();
    if (loaded.has_error()) return {source.name(), loaded.error(), {}, {}};
    return {source.name(), {}, std::move(loaded->warnings), policy::describe(loaded->policy, capabilities)};
}

std::string text_of(Checked const& checked) {
    auto text = checked.name + ":\n";
    for (auto const& error : checked.errors)
        text += error.text() + '\n';
    for (auto const& warning : checked.warnings)
        text += "warning: " + warning.text() + '\n';
    return text + checked.meaning;
}

json::array json_of(std::vector<Problem> const& problems) {
    json::array array;
    for (auto const& problem : problems)
        array.push_back(json::object{{"file", problem.file},
                                     {"line", problem.line},
                                     {"column", problem.column},
                                     {"message", problem.message}});
    return array;
}

json::object json_of(Checked const& checked) {
    return {{"policy", checked.name},
            {"ok", checked.errors.empty()},
            {"errors", json_of(checked.errors)},
            {"warnings", json_of(checked.warnings)},
            {"meaning", checked.meaning}};
}

Exit run(Flags flags) {
    if (flags.files.empty()) flags.files.emplace_back(); // the one that `run` would take
    EngineCapabilities const capabilities;
    auto status = Exit::fine;
    for (auto const& file : flags.files) {
        auto const checked = check(file, capabilities);
        std::cout << (flags.json ? json::serialize(json_of(checked)) + '\n' : text_of(checked));
        if (!checked.errors.empty()) status = Exit::failed;
    }
    return status;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser
        .add_option("FILE", flags->files,
                    "The policies to check; default: the one that alert40 run would take")
        ->type_name("FILE");
    parser.add_flag("--json", flags->json, "Print a JSON object for each policy, a line each");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const check_subcommand{
    .name = "check",
    .summary = "check policies, and say what they mean",
    .details = "Prints what each rule does, or every error with its file, line and column. Exit status 1: "
               "there are errors.",
    .examples = "  alert40 check\n"
                "  alert40 check policy.toml\n"
                "  alert40 check --json *.toml\n",
    .declare = declare,
};

} // namespace alert40::app
