#include "app/control_request.hpp"
#include "app/control_socket.hpp"
#include "app/engine_capabilities.hpp"
#include "app/exit.hpp"
#include "app/greeting.hpp"
#include "app/proxy_run.hpp"
#include "app/run_flags.hpp"
#include "app/status_report.hpp"
#include "app/subcommand.hpp"
#include "proxy/proxy.hpp"
#include "record/log_style.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <iostream>

namespace alert40::app {

namespace {

Exit run_proxy(RunFlags const& flags) {
    ProxyRun const run(flags.quiet ? "warning" : flags.log_level);
    EngineCapabilities const capabilities;
    PolicySource source(flags, capabilities);
    auto const name = source.name();
    return run.serve(std::move(source), flags.record, [&](auto const& listening) {
        auto const colour = record::log_style_for(STDERR_FILENO).colour;
        if (!flags.quiet) std::cerr << greeting(listening, name, colour);
    });
}

/// The proxy of this user that has one of its listeners in `text`: the one in our way.
std::optional<StatusReport> running_proxy_named_in(std::string_view text) {
    for (auto const port : control::ports())
        try {
            auto report = parse_status_report(ask_running_proxy(port, to_json(ControlRequest{})));
            for (auto const& listener : report.listening)
                if (text.find(listener.substr(0, listener.find(' '))) != text.npos) return report;
        } catch (CommandError const&) { // not behind this socket any more
        }
    return std::nullopt;
}

Exit run(RunFlags const& flags) {
    try {
        return run_proxy(flags);
    } catch (proxy::StartError const& error) {
        auto const who = running_proxy_named_in(error.what());
        if (!who) throw;
        throw CommandError(
            std::string(error.what()) + "\nalert40 listens there already, with the policy " + who->policy +
            " (pid " + std::to_string(who->pid) +
            "): give that policy the rule, and it is loaded by itself; or stop that one first; or "
            "choose another place with --listen; or leave it, for one command, with alert40 exec");
    }
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<RunFlags>();
    declare_run_flags(parser, *flags);
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const run_subcommand{
    .name = "run",
    .summary = "run the proxy",
    .details =
        "Listens on 127.0.0.1:4040 unless told otherwise, and logs a line for each handshake. Flags are "
        "rules in front of those of the policy. The policy is loaded again when its file changes, and on "
        "SIGHUP, which also opens the file of --record anew.",
    .examples =
        "  alert40 run\n"
        "  alert40 run --map 4050=https://api.example.com         # http://127.0.0.1:4050 stands for it\n"
        "  alert40 run --host old.example --profile legacy        # weak TLS, for this one host only\n"
        "  alert40 run --connect-to example.com:443:127.0.0.1:9443\n"
        "  alert40 run --config policy.toml --record handshakes.jsonl\n",
    .declare = declare,
};

} // namespace alert40::app
