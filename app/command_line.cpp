#include "app/command_line.hpp"

#include "app/manual.hpp"
#include "app/subcommand.hpp"
#include "app/version.hpp"
#include "policy/parse/nearest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <iostream>

namespace alert40::app {

namespace {

using policy::parse::did_you_mean;

constexpr std::array table = {&run_subcommand,         &diagnose_subcommand, &explain_subcommand,
                              &reproduce_subcommand,   &env_subcommand,      &exec_subcommand,
                              &doctor_subcommand,      &ca_subcommand,       &lab_subcommand,
                              &check_subcommand,       &status_subcommand,   &forget_subcommand,
                              &completions_subcommand, &man_subcommand};

/// The whole command line: the table as parsers of CLI11, and what each of them runs.
class CommandLine {
  public:
    CommandLine() {
        root_.name(std::string(program.name));
        root_.description(std::string(program.summary));
        root_.set_help_flag("-h,--help", "Print this and exit");
        root_.set_version_flag("--version", "alert40 " + std::string(version), "Print the version and exit");
        root_.require_subcommand(1);
        root_.formatter_fn([](CLI::App const* parser, std::string const&, CLI::AppFormatMode) {
            return help_text(manual_of(*parser));
        });
        add(table, root_);
    }

    Exit run(int argc, char const* const* argv) {
        if (argc < 2) throw UsageError("a command is missing: " + listed(commands_of(root_)));
        try {
            root_.parse(argc, argv);
        } catch (CLI::ParseError const& stopped) {
            if (stopped.get_exit_code() != 0) throw UsageError(complaint(stopped));
            root_.exit(stopped, std::cout, std::cerr); // --help, --version
            return Exit::fine;
        }
        for (auto const& [parser, act] : actions_)
            if (parser->parsed()) return act();
        return Exit::usage;
    }

    /// "alert40 run", as far as the command line had been understood.
    std::string understood() const {
        std::string words = "alert40";
        for (auto const* parser = chosen_in(root_); parser; parser = chosen_in(*parser))
            words += ' ' + parser->get_name();
        return words;
    }

  private:
    void add(std::span<Subcommand const* const> rows, CLI::App& parent) {
        for (auto const* const row : rows) {
            auto& parser = *parent.add_subcommand(std::string(row->name), std::string(row->summary));
            if (row->hidden) parser.group("");
            if (row->declare) actions_.push_back({&parser, row->declare(parser)});
            if (!row->children.empty()) parser.require_subcommand(1);
            add(row->children, parser);
        }
    }

    static CLI::App const* chosen_in(CLI::App const& parser) {
        auto const chosen = parser.get_subcommands();
        return chosen.empty() ? nullptr : chosen.front();
    }

    /// The innermost command that was understood.
    CLI::App const& innermost() const {
        auto const* parser = static_cast<CLI::App const*>(&root_);
        while (auto const* const child = chosen_in(*parser))
            parser = child;
        return *parser;
    }

    /// What is wrong, with the nearest thing that would be right.
    std::string complaint(CLI::ParseError const& error) const {
        bool const unexpected =
            dynamic_cast<CLI::ExtrasError const*>(&error) || dynamic_cast<CLI::RequiredError const*>(&error);
        auto const rest = root_.remaining(true);
        auto const& parser = innermost();
        auto const commands = commands_of(parser);
        if (!unexpected) return error.what();
        if (rest.empty())
            return commands.empty() ? error.what() : "a command is missing: " + listed(commands);
        auto const& word = rest.front();
        if (word.starts_with('-'))
            return "there is no option " + word + did_you_mean(word, options_of(parser));
        if (!commands.empty()) return "there is no command \"" + word + '"' + did_you_mean(word, commands);
        return "\"" + word + "\" is more than this command takes";
    }

    static std::vector<std::string> options_of(CLI::App const& parser) {
        std::vector<std::string> names;
        for (auto const& flag : manual_of(parser).flags)
            names.insert(names.end(), flag.spellings.begin(), flag.spellings.end());
        return names;
    }

    static std::vector<std::string> commands_of(CLI::App const& parser) {
        std::vector<std::string> names;
        for (auto const& command : manual_of(parser).subcommands)
            names.emplace_back(own_name(command));
        return names;
    }

    /// "run, check or status"
    static std::string listed(std::vector<std::string> const& names) {
        std::string out;
        for (auto const& name : names)
            out += (out.empty() ? "" : &name == &names.back() ? " or " : ", ") + name;
        return out;
    }

    struct Action {
        CLI::App* parser;
        std::function<Exit()> act;
    };

    CLI::App root_;
    std::vector<Action> actions_;
};

} // namespace

Subcommand const program{
    .name = "alert40",
    .summary = "a local proxy that gets an app past TLS failures, and says what failed",
    .details =
        "alert40 takes HTTP/1.1 and h2c from an app on this machine, dials the origin again over TLS that "
        "can be "
        "tuned for each host, shows every handshake, and where an origin answers alert 40 or one of its "
        "relatives, tries again with another ClientHello.",
    .examples =
        "  alert40 run                                        # on 127.0.0.1:4040, nothing to set up\n"
        "  curl -x http://127.0.0.1:4040 http://example.com/  # through it\n"
        "  alert40 run --map 4050=https://api.example.com     # for an app that has only a base URL\n"
        "  alert40 exec -- curl https://example.com/          # one command, and what its handshakes were\n"
        "  eval \"$(alert40 env)\"                             # point this shell here\n"
        "  alert40 status                                     # what was learned about origins\n",
    .declare = nullptr,
};

std::span<Subcommand const* const> subcommands() {
    return table;
}

int run_command_line(int argc, char const* const* argv) {
    CommandLine command_line;
    try {
        return static_cast<int>(command_line.run(argc, argv));
    } catch (UsageError const& wrong) {
        auto const name = command_line.understood();
        std::cerr << name << ": " << wrong.what() << "\n(" << name << " --help says more)\n";
        return static_cast<int>(Exit::usage);
    } catch (std::exception const& failed) {
        std::cerr << command_line.understood() << ": " << failed.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}

} // namespace alert40::app
