#include "app/engine_capabilities.hpp"
#include "app/lab/healthy_origin.hpp"
#include "app/lab/lab_policy.hpp"
#include "app/local_authority.hpp"
#include "app/proxy_run.hpp"
#include "app/subcommand.hpp"
#include "policy/parse/nearest.hpp"
#include "text/wrapped.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace alert40::app {

using lab::Entry;
using lab::Stand;

namespace {

constexpr std::uint16_t usual_port = 4401;

struct Flags {
    std::vector<std::string> names;
    std::uint16_t port = usual_port;
    std::string record;
    bool list = false;
    bool policy = false;
};

/// Each keeps its port, whichever others are wanted.
std::vector<Stand> stands(Flags const& flags) {
    std::vector<Stand> chosen;
    std::vector<std::string_view> known;
    for (auto const& entry : lab::built_in_entries()) {
        auto const place = static_cast<std::uint16_t>(known.size());
        auto const port = flags.port == 0 ? flags.port : static_cast<std::uint16_t>(flags.port + place);
        bool const wanted = flags.names.empty() || std::ranges::count(flags.names, entry.name) != 0;
        if (wanted) chosen.push_back({entry, port});
        known.push_back(entry.name);
    }
    for (auto const& name : flags.names)
        if (std::ranges::find(known, name) == known.end())
            throw UsageError("there is no \"" + name + "\" in the lab" +
                             policy::parse::did_you_mean(name, known) + "; alert40 lab --list has them all");
    return chosen;
}

constexpr std::size_t width = 106;

std::string line(std::string_view text) {
    constexpr std::string_view margin = "      ";
    return text::wrapped(text, width, margin, margin) + '\n';
}

std::string description(Entry const& entry, std::string const& address) {
    auto const title = address.empty() ? entry.name : "https://" + address + "/  " + entry.name;
    return "  " + title + '\n' + line(entry.shows) + line("mended by: " + entry.mended_by);
}

/// "localhost:4401" of "127.0.0.1:4401 -> http://NAME.lab (TLS)": a certificate names localhost more often
/// than its address.
std::string address_in(std::string const& listener) {
    auto const address = listener.substr(0, listener.find(' '));
    return "localhost" + address.substr(address.rfind(':'));
}

std::string greeting(std::vector<Stand> const& stands, std::vector<std::string> const& listening) {
    auto text = std::to_string(stands.size()) + (stands.size() == 1 ? " broken origin" : " broken origins") +
                " on this machine, until this ends:\n";
    for (std::size_t i = 0; i < stands.size(); ++i)
        text += description(stands[i].entry, address_in(listening.at(i)));
    return text + "  try: curl --cacert " + own_authority_files().cert + " https://" +
           address_in(listening.front()) + "/\n";
}

Exit run(Flags const& flags) {
    auto const chosen = stands(flags);
    if (flags.list) {
        for (auto const& stand : chosen)
            std::cout << description(stand.entry, "localhost:" + std::to_string(stand.port));
        return Exit::fine;
    }
    ProxyRun const process("info");
    lab::HealthyOrigin const origin;
    auto const text = lab::lab_policy(chosen, origin.port());
    if (flags.policy) {
        std::cout << text;
        return Exit::fine;
    }
    ensure_authority(own_authority_files()); // the greeting names its file
    EngineCapabilities const capabilities;
    return process.serve({text, "the lab", capabilities}, flags.record,
                         [&](auto const& listening) { std::cerr << greeting(chosen, listening); });
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser.add_option("NAME", flags->names, "Only these; each keeps its port");
    parser.add_flag("--list", flags->list, "Say what there is, and exit");
    parser.add_flag("--policy", flags->policy, "Print the policy that breaks them, and exit");
    parser.add_option("--port", flags->port, "The first port; 0: the system chooses each")
        ->capture_default_str();
    parser.add_option("--record", flags->record, "Append every handshake to this file, a JSON object a line");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const lab_subcommand{
    .name = "lab",
    .summary = "broken origins on this machine, to try an app against",
    .details = "Starts origins on loopback that fail as servers and boxes on the way do, each on its own "
               "port, and says "
               "what each shows and what mends it. Each is a few lines of policy, which --policy prints: "
               "what an app says "
               "to one of them it says to a real one. What is let pass is answered by a healthy origin.",
    .examples = "  alert40 lab                                        # all of them\n"
                "  alert40 lab --list\n"
                "  alert40 lab h2-alert-40                            # this one, and then:\n"
                "  curl --cacert ~/.local/share/alert40/ca.pem https://localhost:4401/\n",
    .declare = declare,
};

} // namespace alert40::app
