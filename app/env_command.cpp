#include "app/choice.hpp"
#include "app/local_authority.hpp"
#include "app/pointing/text.hpp"
#include "app/pointing_here.hpp"
#include "app/subcommand.hpp"
#include "text/joined.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace alert40::app {

namespace {

struct Flags {
    std::string shell = "bash";
    std::string client = "shell";
    std::string proxy;
    std::string config;
    std::optional<std::uint16_t> port;
    bool unset = false;
    bool json = false;
};

ProxyHere proxy_meant(Flags const& flags) {
    if (flags.proxy.empty()) {
        auto running = running_proxy(flags.port);
        return running ? std::move(*running) : proxy_of(policy_of(flags.config));
    }
    auto address = pointing::parse_proxy_url(flags.proxy);
    if (!address) throw UsageError("\"" + flags.proxy + "\" is no http://HOST:PORT");
    auto const credentials = address->credentials;
    auto proxy = proxy_at(std::move(*address), policy_of(flags.config));
    proxy.address.credentials = credentials;
    return proxy;
}

Exit run(Flags const& flags) {
    auto const client = pointing::client_named(flags.client).value();
    auto const shell = shell::kind_named(flags.shell).value();
    if (flags.unset) {
        std::cout << pointing::unset_text_of(client, shell, memory());
        return Exit::fine;
    }
    bool const java = client == pointing::Client::java || client == pointing::Client::all;
    auto const proxy = proxy_meant(flags);
    auto const situation = situation_with(proxy.address, certificates_for(proxy, java));
    std::cout << (flags.json ? pointing::json_of(client, situation)
                             : pointing::text_of(client, shell, situation, memory()));
    return Exit::fine;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    declare_choice(parser, "--shell", flags->shell, "bash|zsh|sh|fish|powershell",
                   "The shell to write for; default: bash");
    declare_choice(parser, "--for", flags->client, text::joined(pointing::clients, "|"),
                   "What to point here; default: shell, which is everything but Java and the editors");
    parser
        .add_option("--proxy", flags->proxy,
                    "Point there; default: the running proxy, else where the policy listens")
        ->type_name("URL");
    parser
        .add_option("-c,--config", flags->config,
                    "The policy file, where no proxy runs; default: as alert40 run")
        ->type_name("FILE");
    parser
        .add_option("--port", flags->port,
                    "Of the first listener of the proxy to point to, where several run")
        ->type_name("PORT");
    parser.add_flag("--unset", flags->unset, "Print what takes it back, to what there was before");
    parser.add_flag("--json", flags->json, "Print JSON");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const env_subcommand{
    .name = "env",
    .summary = "print the settings that point apps here",
    .details =
        "Variables for a shell to evaluate, or the settings of an editor. Where a rule intercepts, or a "
        "local "
        "authority exists, they also name the files that let apps trust it: the certificate alone where an "
        "app "
        "adds it to its own store, a bundle with the system's authorities where an app reads that instead. A "
        "file with certificates that a variable named before is part of the bundle that it names now, and "
        "NO_PROXY keeps what it had. ALERT40_BEFORE remembers what there was, and --unset restores it.",
    .examples = "  eval \"$(alert40 env)\"\n"
                "  alert40 env --shell fish | source\n"
                "  alert40 env --shell powershell | Out-String | Invoke-Expression\n"
                "  alert40 env --for cursor             # settings.json\n"
                "  eval \"$(alert40 env --unset)\"\n",
    .declare = declare,
};

} // namespace alert40::app
