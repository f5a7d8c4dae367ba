#include "app/choice.hpp"
#include "app/control_request.hpp"
#include "app/control_socket.hpp"
#include "app/doctor/local_socket.hpp"
#include "app/engine_capabilities.hpp"
#include "app/live_proxy.hpp"
#include "app/local_authority.hpp"
#include "app/log.hpp"
#include "app/pointing_here.hpp"
#include "app/run_flags.hpp"
#include "app/shell/child.hpp"
#include "app/sinks.hpp"
#include "app/subcommand.hpp"
#include "policy/host_name.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace alert40::app {

namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

constexpr auto quiet_level = "error";

struct Flags {
    RunFlags run;
    std::string client = "shell";
    std::vector<std::string> command;
};

Variables variables_to(ProxyHere const& proxy, Flags const& flags) {
    auto const client = pointing::client_named(flags.client).value();
    bool const java = client == pointing::Client::java || client == pointing::Client::all;
    auto const situation = situation_with(proxy.address, certificates_for(proxy, java));
    auto given = pointing::variables_for(client, situation);
    given.push_back(memory().with(given));
    Variables variables;
    for (auto& [name, value] : given)
        variables.emplace_back(std::move(name), std::move(value));
    return variables;
}

int run_command(Flags const& flags, Variables const& variables, shell::ForegroundSignals const& signals) {
    std::string problem;
    auto const status = shell::run_in_foreground(flags.command, variables, signals, problem);
    if (!problem.empty()) std::cerr << "alert40 exec: " << problem << '\n';
    return status;
}

/// What the command made the proxy do.
void print_summary(Flags const& flags, std::vector<SeenHost> const& hosts, std::string const& proxy) {
    if (flags.run.quiet) return;
    if (hosts.empty())
        std::cerr << "alert40: no new handshake came through " << proxy
                  << " (requests over connections that it had kept have none)\n";
    else
        std::cerr << "alert40: handshakes through " << proxy << '\n' << to_text(hosts);
}

std::vector<SeenHost> ask_for_hosts() {
    return parse_seen_hosts(
        ask_running_proxy({}, to_json(ControlRequest{ControlRequest::Command::hosts, {}})));
}

/// The status is the command's, also where the proxy has ended meanwhile.
int with_running_proxy(Flags const& flags, ProxyHere const& proxy, shell::ForegroundSignals const& signals) {
    auto const before = ask_for_hosts();
    auto const status = run_command(flags, variables_to(proxy, flags), signals);
    try {
        print_summary(flags, since(before, ask_for_hosts()), "the running proxy, of all its apps");
    } catch (CommandError const& error) {
        std::cerr << "alert40 exec: no summary: " << error.what() << '\n';
    }
    return status;
}

/// A shell that was pointed at a proxy of this machine which has ended since would lead ours there too.
void leave_dead_proxies() {
    for (auto const* const name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {
        auto const* const value = std::getenv(name);
        auto const dead = value ? pointing::parse_proxy_url(value) : std::nullopt;
        if (!dead || !policy::is_loopback(dead->host)) continue;
        if (doctor::LocalSocket::connect(dead->host, dead->port)) continue;
        std::cerr << "alert40 exec: nobody listens on " << dead->host << ':' << dead->port << ", where "
                  << name << " leads; going without\n";
        ::unsetenv(name);
    }
}

int with_own_proxy(Flags const& flags, shell::ForegroundSignals const& signals) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    start_log(flags.run.log_level);
    leave_dead_proxies();
    auto run = flags.run;
    if (run.listen.empty()) run.listen = {"127.0.0.1:0"};
    EngineCapabilities const capabilities;
    PolicySource source(run, capabilities);
    auto loaded = source.load();
    if (loaded.has_error()) throw CommandError(loaded.error().front().text());
    auto const policy = loaded->policy;
    Sinks sinks(run.record, run.log_level == quiet_level ? Sinks::Log::nothing : Sinks::Log::handshakes);
    LiveProxy live(std::move(source), std::move(*loaded), sinks);
    auto const listener = live.proxy().listening().front();
    auto const address = pointing::parse_listener(listener);
    if (!address)
        throw CommandError("there are mapped listeners only; apps that take a proxy need a proxy listener");
    auto const status = run_command(flags, variables_to(proxy_at(*address, policy), flags), signals);
    live.proxy().drain();
    print_summary(flags, sinks.seen().hosts(), listener);
    return status;
}

/// Whether a proxy that somebody else started could do what is asked for.
bool asks_for_own(RunFlags run) {
    run.quiet = false;
    run.log_level = quiet_level;
    RunFlags plain;
    plain.log_level = quiet_level;
    return !(run == plain);
}

Exit run(Flags const& flags) {
    if (flags.command.empty()) throw UsageError("say which COMMAND to run, after --");
    shell::ForegroundSignals const signals;
    bool const own = asks_for_own(flags.run) || running_proxy_count() != 1; // of several, none is meant
    auto const running = own ? std::nullopt : running_proxy({});
    auto const status =
        running ? with_running_proxy(flags, *running, signals) : with_own_proxy(flags, signals);
    return static_cast<Exit>(status); // the command's own, whatever it means
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    flags->run.log_level = quiet_level;
    declare_run_flags(parser, flags->run);
    declare_choice(parser, "--for", flags->client, "shell|node|python|grpc|java|git|all",
                   "Which variables to set; default: shell, which is everything but Java");
    parser.add_option("COMMAND", flags->command, "The command and its arguments, after --");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const exec_subcommand{
    .name = "exec",
    .summary = "run a command whose traffic comes through here",
    .details =
        "With the variables of alert40 env. A proxy that runs is used; where none does, or where options of "
        "alert40 run are given, one runs on a free port for as long as the command. In the end the "
        "handshakes "
        "are summed up on stderr, host by host. Exit status: the command's own, 128 + N where signal N ended "
        "it, 127 where there is no such command.",
    .examples = "  alert40 exec -- curl https://example.com/\n"
                "  alert40 exec --intercept '*.example.com' -- npm install\n"
                "  alert40 exec --record handshakes.jsonl --profile http1 -- python app.py\n",
    .declare = declare,
};

} // namespace alert40::app
