#include "app/control_request.hpp"
#include "app/control_socket.hpp"
#include "app/status_report.hpp"
#include "app/subcommand.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace alert40::app {

namespace {

struct Flags {
    std::optional<std::uint16_t> port;
    bool json = false;
};

Exit run(Flags const& flags) {
    auto const answer = ask_running_proxy(flags.port, to_json(ControlRequest{}));
    auto const report = parse_status_report(answer);
    std::cout << (flags.json ? answer : to_text(report, std::chrono::system_clock::now()));
    return Exit::fine;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser.add_option("--port", flags->port, "Of the first listener of the proxy to ask, where several run")
        ->type_name("PORT");
    parser.add_flag("--json", flags->json, "Print JSON");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const status_subcommand{
    .name = "status",
    .summary = "what a running proxy does, and what it has learned",
    .details =
        "Shows the listeners, the policy, its rules with their deadlines, and for which origins a ladder has "
        "learned to begin elsewhere than at its top, with the failure that taught it.",
    .examples = "  alert40 status\n"
                "  alert40 status --port 4040 --json\n",
    .declare = declare,
};

} // namespace alert40::app
