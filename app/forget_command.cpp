#include "app/control_request.hpp"
#include "app/control_socket.hpp"
#include "app/subcommand.hpp"
#include "policy/host_name.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace alert40::app {

namespace {

struct Flags {
    std::string host;
    bool all = false;
    std::optional<std::uint16_t> port;
    bool json = false;
};

std::string what_to_forget(Flags const& flags) {
    if (flags.all == !flags.host.empty()) throw UsageError("say which HOST to forget, or --all");
    if (flags.all) return "*";
    auto const host = policy::to_a_label(flags.host);
    if (!host) throw UsageError("\"" + flags.host + "\" is no host name");
    return *host;
}

Exit run(Flags const& flags) {
    auto const host = what_to_forget(flags);
    auto const answer =
        ask_running_proxy(flags.port, to_json(ControlRequest{ControlRequest::Command::forget, host}));
    auto const count = parse_forgotten(answer);
    if (flags.json)
        std::cout << answer;
    else
        std::cout << "forgotten: " << count << (count == 1 ? " entry\n" : " entries\n");
    return count == 0 && !flags.all ? Exit::failed : Exit::fine;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser.add_option("HOST", flags->host, "The host of the origins to forget");
    parser.add_flag("--all", flags->all, "Forget every host");
    parser.add_option("--port", flags->port, "Of the first listener of the proxy to ask, where several run")
        ->type_name("PORT");
    parser.add_flag("--json", flags->json, "Print JSON");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const forget_subcommand{
    .name = "forget",
    .summary = "drop what a running proxy has learned about a host",
    .details = "The next dial to it begins at the top of its ladder, and where that fails, it is diagnosed "
               "anew. Exit status 1: nothing was known of that host.",
    .examples = "  alert40 forget api.example.com\n"
                "  alert40 forget --all\n",
    .declare = declare,
};

} // namespace alert40::app
