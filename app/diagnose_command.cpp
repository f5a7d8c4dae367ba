#include "app/subcommand.hpp"
#include "diagnose/inventory/report.hpp"
#include "diagnose/inventory/take_inventory.hpp"
#include "diagnose/verdict/evidence_text.hpp"
#include "diagnose/verdict/report.hpp"
#include "diagnose/verdict/search.hpp"
#include "policy/host_name.hpp"
#include "policy/parse/path_values.hpp"

#include <CLI/CLI.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace alert40::app {

namespace {

using namespace diagnose;

struct Flags {
    std::string target, address, via, cacert, write_policy, server_name;
    std::vector<std::string> resolvers;
    std::optional<unsigned> max_handshakes;
    unsigned timeout = 5; ///< seconds
    bool inventory = false, json = false, quiet = false;
};

struct Target {
    policy::Origin origin;
    std::string path = "/";
};

/// URL, HOST or HOST:PORT.
Target parse_target(std::string const& text) {
    constexpr std::string_view scheme = "https://";
    if (text.starts_with("http://"))
        throw UsageError("\"" + text + "\" is not https: there is no handshake to look at");
    auto rest = std::string_view(text);
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    Target target;
    if (auto const slash = rest.find_first_of("/?"); slash != std::string_view::npos) {
        target.path = rest.substr(slash);
        if (target.path.front() == '?') target.path.insert(0, "/");
        target.path.resize(std::min(target.path.find('#'), target.path.size()));
        rest = rest.substr(0, slash);
    }
    auto const control = [](unsigned char c) { return c <= ' ' || c == 0x7f; };
    auto const where = policy::parse_host_port(rest);
    auto const host = where ? policy::to_a_label(where->host) : std::nullopt;
    if (!host || host->empty() || std::ranges::any_of(target.path, control))
        throw UsageError("\"" + text + "\" is no URL, HOST or HOST:PORT");
    target.origin = {.scheme = "https", .host = *host, .port = where->port.value_or(443)};
    return target;
}

template <class Value>
Value parsed(policy::parse::TextResult<Value> result, std::string_view flag) {
    if (!result) throw UsageError(std::string(flag) + ": " + result.error().text);
    return std::move(*result);
}

Trial trial_of(Flags const& flags) {
    Trial trial{.profile = *tls::built_in_profile("modern")};
    if (!flags.cacert.empty()) {
        if (!std::filesystem::is_regular_file(flags.cacert))
            throw UsageError("--cacert: there is no file " + flags.cacert);
        trial.profile.verify.ca_file = std::filesystem::absolute(flags.cacert).string();
    }
    if (!flags.server_name.empty())
        trial.profile.server_name =
            flags.server_name == "none"
                ? tls::ServerName{.mode = tls::ServerName::Mode::none, .name = ""}
                : tls::ServerName{.mode = tls::ServerName::Mode::fixed, .name = flags.server_name};
    if (!flags.address.empty())
        trial.address = parsed(policy::parse::parse_address(flags.address), "--connect-to");
    if (!flags.via.empty()) trial.via = parsed(policy::parse::parse_via(flags.via), "--via");
    return trial;
}

/// The first resolver is the one to begin with, the others are compared with it.
std::vector<policy::Resolver> resolvers_of(Flags const& flags) {
    std::vector<policy::Resolver> resolvers;
    for (auto const& one : flags.resolvers)
        resolvers.push_back(parsed(policy::parse::parse_resolver(one), "--resolver"));
    return resolvers;
}

std::size_t terminal_width() {
    winsize size{};
    constexpr std::size_t usual = 100, narrowest = 40;
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < narrowest) return usual;
    return std::min<std::size_t>(size.ws_col, 120);
}

std::atomic<bool> interrupted{false};

/// Ctrl-C ends the search; what was seen by then is told.
void take_interrupt() {
    std::signal(SIGINT, [](int) { interrupted = true; });
}

void show_progress(Observation const& observation) {
    if (interrupted) throw OutOfHandshakes("it was interrupted");
    std::cerr << "\r\033[K" << observation.number
              << " handshakes; the last one: " << short_text(observation).substr(0, 60) << std::flush;
}

void write_policy(Flags const& flags, Verdict const& verdict) {
    if (flags.write_policy.empty()) return;
    if (verdict.policy.empty()) {
        std::cerr << "there is no policy to write: " << verdict.sentence << '\n';
        return;
    }
    std::ofstream out(flags.write_policy);
    out << verdict.policy;
    out.close();
    if (!out) throw CommandError(flags.write_policy + ": cannot be written");
    std::cerr << "alert40 run --config " << flags.write_policy << '\n';
}

/// One line; the inventory is one more field of it.
std::string json_of(Findings const& findings, Verdict const& verdict,
                    std::optional<Inventory> const& inventory) {
    auto text = report_json(findings, verdict);
    if (!inventory) return text;
    text.resize(text.rfind('}'));
    return text + ",\"inventory\":" + inventory_json(*inventory) + "}\n";
}

bool well(Verdict const& verdict) {
    return verdict.kind == Verdict::Kind::healthy || verdict.kind == Verdict::Kind::noticed;
}

Exit run(Flags const& flags) {
    auto const target = parse_target(flags.target);
    auto trial = trial_of(flags);
    auto resolvers = resolvers_of(flags);
    if (!resolvers.empty()) {
        trial.resolver = resolvers.front();
        resolvers.erase(resolvers.begin());
    }
    auto const patience = std::chrono::seconds(flags.timeout);
    Prober::Limits limits{.handshakes = flags.max_handshakes.value_or(flags.inventory ? 250 : 100)};
    limits.timeouts = {.connect = patience, .handshake = patience, .total = 2 * patience};
    bool const shows_progress = !flags.quiet && ::isatty(STDERR_FILENO) == 1;
    take_interrupt();
    Prober prober(target.origin, target.path, limits, [&](Trial const&, Observation const& observation) {
        if (interrupted) throw OutOfHandshakes("it was interrupted");
        if (shows_progress) show_progress(observation);
    });
    auto const findings = search(prober, trial, resolvers);
    auto const inventory = flags.inventory ? std::optional(take_inventory(prober, trial)) : std::nullopt;
    if (shows_progress) std::cerr << "\r\033[K";
    auto const verdict = judge(findings);
    std::cout << (flags.json ? json_of(findings, verdict, inventory)
                             : report_text(findings, verdict, terminal_width()));
    if (inventory && !flags.json) std::cout << inventory_text(*inventory, terminal_width());
    write_policy(flags, verdict);
    return well(verdict) ? Exit::fine : Exit::failed;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser.add_option("TARGET", flags->target, "URL, HOST or HOST:PORT")->required();
    parser
        .add_option("--connect-to", flags->address, "Connect there instead; the name in SNI and checks stays")
        ->type_name("HOST:PORT");
    parser
        .add_option("--via", flags->via,
                    "Go there by this upstream proxy, or `direct`; default: as the environment says")
        ->type_name("URL");
    parser
        .add_option("--resolver", flags->resolvers,
                    "Look the name up there (`9.9.9.9`, `tcp://1.1.1.1`, `system`); each further one is "
                    "compared with the first")
        ->type_name("RESOLVER");
    parser
        .add_option("--servername", flags->server_name,
                    "Send this name (SNI), or `none`; default: the target's")
        ->type_name("NAME");
    parser.add_option("--cacert", flags->cacert, "Authorities to trust instead of the system's")
        ->type_name("FILE");
    parser.add_flag("--inventory", flags->inventory,
                    "Find out, too, what the server speaks: versions, suites and groups in its order, "
                    "resumption, certificates, and what of that is weak");
    parser
        .add_option("--max-handshakes", flags->max_handshakes,
                    "No more of them than that; default: 100, with --inventory 250")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N");
    parser
        .add_option("--timeout", flags->timeout, "Seconds for a connection, and for a handshake; default: 5")
        ->check(CLI::Range(1, 120))
        ->type_name("SECONDS");
    parser
        .add_option("--write-policy", flags->write_policy,
                    "Write the policy that gets through, for `alert40 run --config`")
        ->type_name("FILE");
    parser.add_flag("--json", flags->json, "Print JSON: the verdict, and every handshake");
    parser.add_flag("-q,--quiet", flags->quiet, "No progress on stderr");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const diagnose_subcommand{
    .name = "diagnose",
    .summary = "find why a host fails, prove it, and say what mends it",
    .details =
        "Dials the target as an app would. Where that fails, one thing at a time is changed (the way there, "
        "the server "
        "name, ALPN, the size of the ClientHello, versions, suites, groups, signatures) until the smallest "
        "change that "
        "works is found; then both are repeated. The verdict comes first, then what to do, in alert40, in "
        "the app and at "
        "the server, then the handshakes that prove it. Exit status 1: it fails, always or now and then.",
    .examples = "  alert40 diagnose api.example.com\n"
                "  alert40 diagnose https://api.example.com:8443/v1/models --write-policy mended.toml\n"
                "  alert40 diagnose api.example.com --resolver system --resolver 9.9.9.9\n"
                "  alert40 diagnose api.example.com --inventory\n"
                "  alert40 diagnose api.example.com --json | jq .verdict\n",
    .declare = declare,
};

} // namespace alert40::app
