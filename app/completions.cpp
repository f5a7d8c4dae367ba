#include "app/completions.hpp"

#include "text/joined.hpp"

#include <string_view>

namespace alert40::app {

namespace {

/// "a b c"
std::string joined(std::vector<std::string_view> const& words) {
    return text::joined(words, " ");
}

std::vector<std::string_view> names_of_subcommands(Manual const& root) {
    std::vector<std::string_view> names;
    for (auto const& subcommand : root.subcommands)
        names.push_back(own_name(subcommand));
    return names;
}

std::vector<std::string_view> spellings_of(Manual const& manual) {
    std::vector<std::string_view> spellings;
    for (auto const& flag : manual.flags)
        spellings.insert(spellings.end(), flag.spellings.begin(), flag.spellings.end());
    return spellings;
}

/// In single quotes, for any of the three shells.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (char const c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

/// What completes a value, as a line of bash; empty: nothing does.
std::string bash_reply(Manual::Flag const& flag) {
    if (takes_file(flag)) return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\"))";
    if (auto const choices = choices_of(flag); !choices.empty())
        return "COMPREPLY=($(compgen -W \"" + joined(choices) + "\" -- \"$word\"))";
    return {};
}

std::string bash_commands(Manual const& manual, int depth);

std::string bash_case(Manual const& manual, int depth) {
    if (!manual.subcommands.empty())
        return "        " + std::string(own_name(manual)) + ")\n" + bash_commands(manual, depth + 1) +
               "            ;;\n";
    std::string out = "        " + std::string(own_name(manual)) + ")\n            case \"$before\" in\n";
    for (auto const& flag : manual.flags) {
        if (flag.value.empty()) continue;
        std::string pattern;
        for (auto const& spelling : flag.spellings)
            pattern += (pattern.empty() ? "" : "|") + spelling;
        auto const reply = bash_reply(flag);
        out += "                " + pattern + ") " + (reply.empty() ? "" : reply + "; ") + "return ;;\n";
    }
    out += "            esac\n";
    out += "            if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"" +
           joined(spellings_of(manual)) + "\" -- \"$word\")); return; fi\n";
    for (auto const& argument : manual.arguments)
        if (auto const reply = bash_reply(argument); !reply.empty()) out += "            " + reply + '\n';
    return out + "            ;;\n";
}

/// The word at `depth` is one of these commands; what follows it is that command's own.
std::string bash_commands(Manual const& manual, int depth) {
    auto const at = std::to_string(depth);
    auto out = "    if ((COMP_CWORD == " + at + ")); then COMPREPLY=($(compgen -W \"" +
               joined(names_of_subcommands(manual)) + ' ' + joined(spellings_of(manual)) +
               "\" -- \"$word\")); return; fi\n    case \"${COMP_WORDS[" + at + "]}\" in\n";
    for (auto const& subcommand : manual.subcommands)
        out += bash_case(subcommand, depth);
    return out + "    esac\n";
}

/// One entry of zsh's _arguments. Brackets and colons mean something in it.
std::string zsh_entry(Manual::Flag const& flag, std::string_view spelling) {
    std::string text;
    for (char const c : flag.text)
        text += (c == '[' || c == ']' || c == ':' || c == '\\') ? std::string("\\") + c : std::string(1, c);
    std::string action;
    if (takes_file(flag)) action = "_files";
    if (auto const choices = choices_of(flag); !choices.empty()) action = "(" + joined(choices) + ")";
    std::string label;
    for (char const c : flag.value)
        label += c == ':' ? ' ' : c;
    if (!spelling.starts_with('-')) return quoted((flag.repeatable ? "*:" : ":") + label + ':' + action);
    auto const value = flag.value.empty() ? std::string() : ':' + label + ':' + action;
    return quoted((flag.repeatable ? "*" : "") + std::string(spelling) + '[' + text + ']' + value);
}

std::string zsh_commands(Manual const& manual) {
    std::string out = "    if ((CURRENT == 2)); then\n        local -a commands=(";
    for (auto const& subcommand : manual.subcommands)
        out += ' ' + quoted(std::string(own_name(subcommand)) + ':' + subcommand.summary);
    out += " )\n        _describe command commands\n        return\n    fi\n"
           "    local command=$words[2]\n    shift words\n    ((CURRENT--))\n    case $command in\n";
    for (auto const& subcommand : manual.subcommands) {
        out += "        " + std::string(own_name(subcommand)) + ")";
        if (!subcommand.subcommands.empty()) {
            out += '\n' + zsh_commands(subcommand) + "        ;;\n";
            continue;
        }
        out += " _arguments";
        for (auto const* const flags : {&subcommand.flags, &subcommand.arguments})
            for (auto const& flag : *flags)
                for (auto const& spelling : flag.spellings)
                    out += " \\\n            " + zsh_entry(flag, spelling);
        out += " ;;\n";
    }
    return out + "    esac\n";
}

std::string fish_line(std::string_view condition, Manual::Flag const& flag) {
    std::string out = "complete -c alert40 -n " + quoted(condition);
    for (std::string_view const spelling : flag.spellings)
        out += spelling.starts_with("--") ? " -l " + std::string(spelling.substr(2))
                                          : " -s " + std::string(spelling.substr(1));
    if (takes_file(flag))
        out += " -r -F";
    else if (auto const choices = choices_of(flag); !choices.empty())
        out += " -x -a " + quoted(joined(choices));
    else if (!flag.value.empty())
        out += " -x";
    return out + " -d " + quoted(flag.text) + '\n';
}

std::string fish_values(std::string_view condition, Manual::Flag const& argument) {
    auto const start = "complete -c alert40 -n " + quoted(condition);
    if (takes_file(argument)) return start + " -F\n";
    auto const choices = choices_of(argument);
    return choices.empty() ? std::string() : start + " -a " + quoted(joined(choices)) + '\n';
}

/// `offered`: when the names of these commands are what comes next; `within`: what was typed before them.
std::string fish_commands(Manual const& manual, std::string const& offered, std::string const& within) {
    std::string out;
    for (auto const& subcommand : manual.subcommands) {
        auto const name = std::string(own_name(subcommand));
        auto const condition = within + "__fish_seen_subcommand_from " + name;
        out += "complete -c alert40 -n " + quoted(offered) + " -a " + name + " -d " +
               quoted(subcommand.summary) + '\n';
        for (auto const& flag : subcommand.flags)
            out += fish_line(condition, flag);
        for (auto const& argument : subcommand.arguments)
            out += fish_values(condition, argument);
        if (!subcommand.subcommands.empty())
            out += fish_commands(subcommand,
                                 condition + "; and not __fish_seen_subcommand_from " +
                                     joined(names_of_subcommands(subcommand)),
                                 condition + "; and ");
    }
    return out;
}

} // namespace

std::string bash_completions(Manual const& root) {
    return "# alert40 completions bash\n"
           "_alert40() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    COMPREPLY=()\n" +
           bash_commands(root, 1) + "}\ncomplete -F _alert40 alert40\n";
}

std::string zsh_completions(Manual const& root) {
    return "#compdef alert40\n_alert40() {\n" + zsh_commands(root) + "}\ncompdef _alert40 alert40\n";
}

std::string fish_completions(Manual const& root) {
    std::string out = "# alert40 completions fish\ncomplete -c alert40 -f\n";
    for (auto const& flag : root.flags)
        out += fish_line("__fish_use_subcommand", flag);
    return out + fish_commands(root, "__fish_use_subcommand", "");
}

} // namespace alert40::app
