#include "app/control_request.hpp"
#include "app/control_socket.hpp"
#include "app/doctor/apps_file.hpp"
#include "app/doctor/judgement.hpp"
#include "app/doctor/streaming_check.hpp"
#include "app/folders.hpp"
#include "app/local_authority.hpp"
#include "app/pointing_here.hpp"
#include "app/seen_hosts.hpp"
#include "app/shell/command.hpp"
#include "app/subcommand.hpp"
#include "app/trusting_stores.hpp"
#include "policy/parse/nearest.hpp"
#include "record/json.hpp"
#include "text/base64.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>

namespace alert40::app {

using doctor::App;
using doctor::Finding;
using doctor::Findings;
using Level = doctor::Finding::Level;

namespace {

constexpr auto patience = std::chrono::seconds(3); // for one message; longer than any path needs

struct Flags {
    std::string app = "shell";
    std::string config;
    std::string via;
    std::string record;
    std::optional<std::uint16_t> port;
    bool json = false;
};

std::string environment(std::string const& name) {
    auto const* const value = std::getenv(name.c_str());
    return value ? value : "";
}

void append(Findings& findings, Findings more) {
    std::ranges::move(more, std::back_inserter(findings));
}

Findings look_at_settings(App const& app, pointing::ProxyAddress const& proxy) {
    Findings findings;
    for (auto const& below : app.settings) {
        auto const file = home_folder() / below;
        auto const settings = doctor::read_editor_settings(file, app.http1_mode);
        if (!settings) continue;
        if (settings->has_error())
            findings.push_back({Level::problem, "settings", settings->error(), ""});
        else
            append(findings, doctor::judge_settings(app, file, **settings, proxy));
    }
    if (findings.empty() && !app.settings.empty()) findings.push_back(doctor::judge_missing_settings(app));
    return findings;
}

/// git's own settings go before variables.
Findings look_at_git(pointing::ProxyAddress const& proxy) {
    auto outcome = shell::run({{"git", "config", "--get", "http.proxy"}});
    if (!outcome.fine()) return {};
    auto const value = outcome.reason();
    if (pointing::parse_proxy_url(value) == proxy)
        return {{Level::ok, "settings", "http.proxy of git points here", ""}};
    return {{Level::problem, "settings", "http.proxy of git points elsewhere, whatever the variables say",
             "git config --global --unset http.proxy"}};
}

Findings look_at_trust(App const& app, ProxyHere const& proxy) {
    if (!proxy.intercepts) return {{Level::ok, "trust", "not needed: no rule intercepts", ""}};
    auto const& files = proxy.authority;
    auto const authority = find_authority(files);
    if (!authority) return {{Level::problem, "trust", "there is no local authority yet", "alert40 ca init"}};
    if (app.settings.empty()) return {}; // variables decide
    auto const stores = trusting_stores(anchor_of(*authority, files));
    if (stores.empty())
        return {{Level::problem, "trust", "no store trusts the local authority", "alert40 ca trust"}};
    Findings findings;
    for (auto const& store : stores)
        findings.push_back({Level::ok, "trust", store.text() + " trusts the local authority", ""});
    return findings;
}

/// The handshakes in a file of --record; lines that are something else are left out.
std::vector<SeenHost> recorded_hosts(std::string const& file) {
    std::ifstream lines(file);
    if (!lines) throw CommandError("cannot read " + file);
    SeenHosts seen;
    for (std::string line; std::getline(lines, line);) {
        auto const parsed = record::parse_record(line);
        auto const* const record = std::get_if<record::Record>(&parsed);
        if (record) std::visit([&](auto const& one) { seen.take(one); }, *record);
    }
    return seen.hosts();
}

std::vector<SeenHost> hosts_of_running_proxy(std::optional<std::uint16_t> port) {
    return parse_seen_hosts(
        ask_running_proxy(port, to_json(ControlRequest{ControlRequest::Command::hosts, {}})));
}

Findings look_at_hosts(App const& app, std::vector<SeenHost> const& hosts) {
    std::vector<doctor::Seen> seen;
    for (auto const& host : hosts) {
        bool const fine = host.established > 0 || host.failures.empty();
        auto const agreed = host.negotiated.empty() ? "intercepted" : host.negotiated;
        seen.push_back({host.host, fine, fine ? agreed : host.failures.back().what});
    }
    return doctor::judge_hosts(app, seen);
}

Findings look_at_streaming(pointing::ProxyAddress const& proxy) {
    auto const authorization = proxy.credentials.empty() ? "" : "Basic " + text::base64(proxy.credentials);
    Findings findings;
    for (auto const way : {doctor::Way::http1, doctor::Way::http2, doctor::Way::tunnel})
        findings.push_back(judge_streaming(way, check_streaming(way, proxy, authorization, patience), proxy));
    return findings;
}

pointing::ProxyAddress path_to_test(Flags const& flags, pointing::ProxyAddress const& ours) {
    if (flags.via.empty()) return ours;
    auto const other = pointing::parse_proxy_url(flags.via);
    if (!other) throw UsageError("\"" + flags.via + "\" is no http://HOST:PORT");
    return *other;
}

Findings examine(App const& app, Flags const& flags) {
    auto const running = running_proxy(flags.port);
    auto const here = running ? *running : proxy_of(policy_of(flags.config));
    auto const& proxy = here.address;
    Findings findings;
    if (running)
        findings.push_back({Level::ok, "proxy", "runs on " + proxy.place(), ""});
    else
        findings.push_back({Level::problem, "proxy", "none of this user runs", "alert40 run"});
    append(findings, look_at_settings(app, proxy));
    if (app.pointed_by == pointing::Client::git) append(findings, look_at_git(proxy));
    auto const certificates = find_authority(here.authority) ? certificates_for(here, false) : std::nullopt;
    append(findings,
           doctor::judge_variables(app, environment, situation_with(proxy, certificates), here.intercepts));
    append(findings, look_at_trust(app, here));
    if (!flags.record.empty())
        append(findings, look_at_hosts(app, recorded_hosts(flags.record)));
    else if (running)
        append(findings, look_at_hosts(app, hosts_of_running_proxy(flags.port)));
    if (running || !flags.via.empty()) append(findings, look_at_streaming(path_to_test(flags, proxy)));
    return findings;
}

/// The user's own over those that are built in.
doctor::Apps known_apps() {
    auto const policy = users_policy_file();
    if (policy.empty()) return doctor::built_in_apps();
    try {
        return doctor::laid_over(doctor::built_in_apps(),
                                 doctor::read_apps(policy.parent_path() / "apps.json"));
    } catch (doctor::WrongApps const& wrong) {
        throw UsageError(wrong.what());
    }
}

App app_to_examine(std::string const& name) {
    auto const apps = known_apps();
    if (auto const* const app = doctor::app_named(apps, name)) return *app;
    std::vector<std::string> names;
    std::ranges::transform(apps, std::back_inserter(names), &App::name);
    throw UsageError("\"" + name + "\" is none of " + doctor::names_of(apps) +
                     policy::parse::did_you_mean(name, names));
}

Exit run(Flags const& flags) {
    std::signal(SIGPIPE, SIG_IGN);
    auto const app = app_to_examine(flags.app);
    auto const findings = examine(app, flags);
    std::cout << (flags.json ? doctor::to_json(app.name, findings) : doctor::to_text(findings));
    return doctor::has_problem(findings) ? Exit::failed : Exit::fine;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    auto const built_in = doctor::names_of(doctor::built_in_apps());
    parser
        .add_option("APP", flags->app,
                    "The app to look at: " + built_in + ", or one of apps.json; default: shell")
        ->type_name(built_in);
    parser
        .add_option("-c,--config", flags->config,
                    "The policy file, where no proxy runs; default: as alert40 run")
        ->type_name("FILE");
    parser.add_option("--via", flags->via, "Check streaming through this proxy instead")->type_name("URL");
    parser
        .add_option(
            "-r,--record", flags->record,
            "Take the hosts that came from this file of alert40 run --record, not from the running proxy")
        ->type_name("FILE");
    parser.add_option("--port", flags->port, "Of the first listener of the proxy to ask, where several run")
        ->type_name("PORT");
    parser.add_flag("--json", flags->json, "Print JSON");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const doctor_subcommand{
    .name = "doctor",
    .summary = "is this app set up to come through here, and does its traffic really come",
    .details =
        "Reads the app's settings and this shell's variables, asks the stores whether they trust the local "
        "authority, asks the running proxy which of the app's hosts it has seen, and lets an origin of its "
        "own send messages one by one through the proxy, over HTTP/1.1, HTTP/2 and a tunnel, each only when "
        "the one before has come. Nothing is changed. The apps in $XDG_CONFIG_HOME/alert40/apps.json are "
        "known too, and go before the built-in ones. Exit status 1: there is a problem; 2: apps.json or the "
        "command line is wrong.",
    .examples = "  alert40 doctor cursor\n"
                "  alert40 doctor --json python\n"
                "  alert40 doctor --via http://proxy.corp.example:3128   # does that one collect answers?\n",
    .declare = declare,
};

} // namespace alert40::app
