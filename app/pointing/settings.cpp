#include "app/pointing/settings.hpp"

#include <boost/json.hpp>

namespace alert40::app::pointing {

namespace json = boost::json;

std::string editor_settings(Situation const& situation) {
    std::pair<char const*, json::value> const entries[] = {
        {"http.proxy", json::string(situation.proxy.url())},
        {"http.proxySupport", "override"},
        {"http.proxyStrictSSL", true},
        {"http.systemCertificates", true},
    };
    std::string out;
    for (auto const& [key, value] : entries)
        out += (out.empty() ? "{\n    \"" : ",\n    \"") + std::string(key) + "\": " + json::serialize(value);
    return out + "\n}\n";
}

std::string editor_advice(Client client, Situation const& situation) {
    std::string out;
    if (client == Client::cursor)
        out += "Cursor's agent speaks HTTP/2 from Node, which knows no proxy. To bring it here as well, turn "
               "on its "
               "HTTP/1.1 mode:\n    \"cursor.general.disableHttp2\": true\n";
    if (situation.certificates)
        out += "Where a rule intercepts: alert40 ca trust, for the windows; and for the extensions start the "
               "editor with\n"
               "    NODE_EXTRA_CA_CERTS=" +
               shell::Command{{situation.certificates->authority}}.text() + '\n';
    return out + "Start the editor again afterwards.";
}

std::vector<shell::Command> git_commands(Situation const& situation) {
    std::vector<shell::Command> commands = {
        {{"git", "config", "--global", "http.proxy", situation.proxy.url()}}};
    if (situation.certificates)
        commands.push_back({{"git", "config", "--global", "http.sslCAInfo", situation.certificates->bundle}});
    return commands;
}

} // namespace alert40::app::pointing
