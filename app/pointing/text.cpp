#include "app/pointing/text.hpp"

#include "app/pointing/settings.hpp"

#include <boost/json.hpp>

namespace alert40::app::pointing {

namespace json = boost::json;

namespace {

constexpr std::string_view no_authority =
    "No variables for certificates: no rule intercepts, and there is no local authority (alert40 ca init).";
constexpr std::string_view no_keytool =
    "Java trusts its own store only, and keytool (package default-jre-headless) is not here to make one.";
constexpr std::string_view editor_keys[] = {"http.proxy", "http.proxySupport", "cursor.general.disableHttp2"};

bool is_editor(Client client) {
    return client == Client::cursor || client == Client::vscode;
}

std::string slashed(std::string_view text) {
    std::string out = "// ";
    for (char const c : text)
        out += c == '\n' ? std::string("\n// ") : std::string(1, c);
    return out + '\n';
}

std::string git_text(Situation const& situation) {
    std::string out = "git, for good:";
    for (auto const& command : git_commands(situation))
        out += "\n    " + command.text();
    return shell::comment(out);
}

std::string all_texts(Situation const& situation) {
    return git_text(situation) +
           shell::comment("Cursor and VS Code, in settings.json:\n" + editor_settings(situation) +
                          editor_advice(Client::cursor, situation));
}

} // namespace

std::string text_of(Client client, shell::Kind shell, Situation const& situation, Memory const& memory) {
    if (is_editor(client)) return slashed(editor_advice(client, situation)) + editor_settings(situation);
    std::string out;
    auto variables = variables_for(client, situation);
    variables.push_back(memory.with(variables));
    for (auto const& [name, value] : variables)
        out += shell::set_line(shell, name, value);
    bool const java = client == Client::java || client == Client::all;
    if (!situation.certificates)
        out += shell::comment(no_authority);
    else if (java && situation.certificates->java_store.empty())
        out += shell::comment(no_keytool);
    if (client == Client::git) out += git_text(situation);
    if (client == Client::all) out += all_texts(situation);
    return out;
}

namespace {

/// NO_PROXY that nobody remembers was the user's own.
std::string taken_back(shell::Kind shell, std::string const& name, Memory const& memory) {
    bool const users = !memory.knows(name) && (name == "NO_PROXY" || name == "no_proxy");
    switch (memory.fate(name)) {
    case Memory::Fate::unset: return users ? "" : shell::unset_line(shell, name);
    case Memory::Fate::restore: return shell::set_line(shell, name, memory.before(name));
    case Memory::Fate::keep: return "";
    }
    return {};
}

} // namespace

std::string unset_text_of(Client client, shell::Kind shell, Memory const& memory) {
    std::string out;
    if (is_editor(client)) {
        out = "Take these out of settings.json:";
        for (auto const key : editor_keys)
            out += "\n    \"" + std::string(key) + '"';
        return slashed(out);
    }
    auto const names = names_for(client);
    for (auto const& name : names)
        out += taken_back(shell, name, memory);
    auto const rest = memory.without(names);
    out += rest.empty() ? shell::unset_line(shell, Memory::variable)
                        : shell::set_line(shell, Memory::variable, rest);
    if (client == Client::git || client == Client::all)
        out += shell::comment("git, for good:\n    git config --global --unset http.proxy\n"
                              "    git config --global --unset http.sslCAInfo");
    return out;
}

std::string json_of(Client client, Situation const& situation) {
    json::object variables;
    for (auto const& [name, value] : variables_for(client, situation))
        variables[name] = value;
    json::object out{{"proxy", situation.proxy.url()}, {"variables", std::move(variables)}};
    if (is_editor(client) || client == Client::all) out["settings"] = json::parse(editor_settings(situation));
    if (client == Client::git || client == Client::all) {
        auto& lines = out["git"].emplace_array();
        for (auto const& command : git_commands(situation))
            lines.emplace_back(command.text());
    }
    if (auto const& certificates = situation.certificates)
        out["certificates"] = json::object{{"authority", certificates->authority},
                                           {"bundle", certificates->bundle},
                                           {"java_store", certificates->java_store}};
    else
        out["certificates"] = nullptr;
    return json::serialize(out) + '\n';
}

} // namespace alert40::app::pointing
