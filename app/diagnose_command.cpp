#include "app/hello_source.hpp"
#include "app/subcommand.hpp"
#include "diagnose/hello/fresh.hpp"
#include "diagnose/inventory/report.hpp"
#include "diagnose/inventory/take_inventory.hpp"
#include "diagnose/verdict/evidence_text.hpp"
#include "diagnose/verdict/hello_verdict.hpp"
#include "diagnose/verdict/report.hpp"
#include "diagnose/verdict/search.hpp"
#include "diagnose/verdict/views.hpp"
#include "policy/host_name.hpp"
#include "policy/parse/path_values.hpp"
#include "record/timestamp.hpp"
#include "tls/engine/client_context.hpp"

#include <CLI/CLI.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

namespace alert40::app {

namespace {

using namespace diagnose;

struct Flags {
    std::string target, address, cacert, cert, key, write_policy, server_name, hello, works, id;
    std::vector<std::string> resolvers, vias;
    std::optional<unsigned> max_handshakes;
    unsigned timeout = 5;          ///< seconds
    std::optional<unsigned> watch; ///< seconds
    bool compare = false, inventory = false, json = false, quiet = false;
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
    return trial;
}

/// PEM; the key may stand in the same file.
std::optional<tls::ClientCertificate> client_certificate_of(Flags const& flags) {
    if (flags.cert.empty()) {
        if (!flags.key.empty()) throw UsageError("--key belongs to a --cert, which is missing");
        return std::nullopt;
    }
    auto const absolute = [](std::string const& file) { return std::filesystem::absolute(file).string(); };
    tls::ClientCertificate const own{.cert = absolute(flags.cert),
                                     .key = absolute(flags.key.empty() ? flags.cert : flags.key)};
    auto profile = *tls::built_in_profile("modern");
    profile.client_certificate = own;
    if (auto const context = tls::engine::ClientContext::make(profile); !context)
        throw UsageError("--cert: " + context.error());
    return own;
}

/// The first resolver is the one to begin with, the others are compared with it.
std::vector<policy::Resolver> resolvers_of(Flags const& flags) {
    std::vector<policy::Resolver> resolvers;
    for (auto const& one : flags.resolvers)
        resolvers.push_back(parsed(policy::parse::parse_resolver(one), "--resolver"));
    return resolvers;
}

std::vector<policy::Via> vias_of(Flags const& flags) {
    std::vector<policy::Via> vias;
    for (auto const& one : flags.vias)
        vias.push_back(parsed(policy::parse::parse_via(one), "--via"));
    return vias;
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

/// All that the flags say of what is tried, and by whom.
struct Task {
    Flags const& flags;
    Target target;
    Trial trial;
    std::vector<policy::Resolver> resolvers;
    std::vector<policy::Via> vias;
    std::optional<tls::ClientCertificate> client_certificate;
    Prober::Limits limits;
    bool shows_progress = false;

    explicit Task(Flags const& from)
        : flags(from)
        , target(parse_target(from.target))
        , trial(trial_of(from))
        , resolvers(resolvers_of(from))
        , vias(vias_of(from))
        , client_certificate(client_certificate_of(from)) {
        if (!resolvers.empty()) trial.resolver = resolvers.front();
        if (!vias.empty()) trial.via = vias.front();
        auto const patience = std::chrono::seconds(from.timeout);
        limits.handshakes = from.max_handshakes.value_or(from.inventory ? 250 : 100);
        limits.timeouts = {.connect = patience, .handshake = patience, .total = 2 * patience};
        shows_progress = !from.quiet && ::isatty(STDERR_FILENO) == 1;
    }

    std::unique_ptr<Prober> prober() const {
        return std::make_unique<Prober>(
            target.origin, target.path, limits,
            [shows = shows_progress](Trial const&, Observation const& observation) {
                if (interrupted) throw OutOfHandshakes("it was interrupted");
                if (shows) show_progress(observation);
            });
    }

    void end_progress() const {
        if (shows_progress) std::cerr << "\r\033[K";
    }

    Exit report(Findings const& findings, Verdict const& verdict,
                std::optional<Inventory> const& inventory = std::nullopt) const {
        end_progress();
        std::cout << (flags.json ? json_of(findings, verdict, inventory)
                                 : report_text(findings, verdict, terminal_width()));
        if (inventory && !flags.json) std::cout << inventory_text(*inventory, terminal_width());
        write_policy(flags, verdict);
        return well(verdict) ? Exit::fine : Exit::failed;
    }
};

Exit diagnose_target(Task const& task) {
    auto const prober = task.prober();
    auto const others =
        std::vector(task.resolvers.begin() + (task.resolvers.empty() ? 0 : 1), task.resolvers.end());
    auto const findings = search(*prober, task.trial, {others, task.client_certificate});
    auto const inventory =
        task.flags.inventory ? std::optional(take_inventory(*prober, task.trial)) : std::nullopt;
    return task.report(findings, judge(findings), inventory);
}

/// What in one client's hello does the server fail on?
Exit diagnose_hello(Task const& task) {
    auto const failing = hello_of(task.flags.hello, task.flags.id);
    auto const name =
        policy::to_ip_literal(task.target.origin.host) ? std::string{} : task.target.origin.host;
    std::optional<Hello> working;
    if (!task.flags.works.empty()) working = addressed_to(hello_of(task.flags.works, "").hello, name);
    auto trial = task.trial;
    trial.hello = addressed_to(failing.hello, name);
    Findings findings;
    findings.target = task.target.origin;
    findings.base = task.trial;
    auto const prober = task.prober();
    try {
        findings.bisect = prober->bisect(trial, working);
    } catch (OutOfHandshakes const& end) {
        findings.stopped = end.what();
    }
    return task.report(findings,
                       findings.bisect ? judge_hello(failing.name, *findings.bisect) : judge(findings));
}

Exit compare(Task const& task) {
    constexpr unsigned times = 3;
    auto const prober = task.prober();
    std::vector<Seen> seen;
    try {
        seen = look_from(*prober, views_of(*prober, task.trial, task.resolvers, task.vias), times);
    } catch (OutOfHandshakes const& end) {
        throw CommandError(end.what());
    }
    task.end_progress();
    std::cout << (task.flags.json ? views_json(task.target.origin, seen) : views_text(seen)) << std::flush;
    return all_well(seen) ? Exit::fine : Exit::failed;
}

/// Every so many seconds until it is interrupted; a look that sees what the one before saw is one line.
Exit watch(Task const& task) {
    std::string before;
    auto worst = Exit::fine;
    while (!interrupted) {
        auto const next = std::chrono::steady_clock::now() + std::chrono::seconds(*task.flags.watch);
        try {
            auto const prober = task.prober();
            auto const seen = look_from(*prober, views_of(*prober, task.trial, task.resolvers, task.vias), 1);
            task.end_progress();
            auto const text = views_text(seen);
            if (!all_well(seen)) worst = Exit::failed;
            auto const clock = record::timestamp(std::chrono::system_clock::now()).substr(0, 19) + "Z  ";
            std::cout << (task.flags.json ? views_json(task.target.origin, seen)
                                          : clock + (text == before ? "as before\n" : text))
                      << std::flush;
            before = text;
        } catch (OutOfHandshakes const&) {
            break; // interrupted
        }
        while (!interrupted && std::chrono::steady_clock::now() < next)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return worst;
}

Exit run(Flags const& flags) {
    if (!flags.works.empty() && flags.hello.empty())
        throw UsageError("--works says what --hello is compared with, which is missing");
    if (flags.compare && flags.watch) throw UsageError("--watch compares already");
    bool const compares = flags.compare || flags.watch;
    if (compares && (flags.inventory || !flags.hello.empty()))
        throw UsageError("--compare and --watch go with neither --hello nor --inventory");
    if (flags.inventory && !flags.hello.empty()) throw UsageError("--hello does not go with --inventory");
    take_interrupt();
    Task const task(flags);
    if (flags.watch) return watch(task);
    if (flags.compare) return compare(task);
    return flags.hello.empty() ? diagnose_target(task) : diagnose_hello(task);
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser.add_option("TARGET", flags->target, "URL, HOST or HOST:PORT")->required();
    parser
        .add_option("--connect-to", flags->address, "Connect there instead; the name in SNI and checks stays")
        ->type_name("HOST:PORT");
    parser
        .add_option("--via", flags->vias,
                    "Go there by this upstream proxy, or `direct`; default: as the environment says; "
                    "several: with --compare")
        ->type_name("URL");
    parser
        .add_option("--resolver", flags->resolvers,
                    "Look the name up there (`9.9.9.9`, `tcp://1.1.1.1`, `tls://9.9.9.9`, "
                    "`https://dns.quad9.net/dns-query`, `system`); each further one is "
                    "compared with the first")
        ->type_name("RESOLVER");
    parser
        .add_option("--servername", flags->server_name,
                    "Send this name (SNI), or `none`; default: the target's")
        ->type_name("NAME");
    parser.add_option("--cacert", flags->cacert, "Authorities to trust instead of the system's")
        ->type_name("FILE");
    parser
        .add_option("--cert", flags->cert,
                    "Where the server asks for a client certificate, try this one (PEM)")
        ->type_name("FILE");
    parser.add_option("--key", flags->key, "Its key (PEM); default: in the same file")->type_name("FILE");
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
    parser
        .add_option("--hello", flags->hello,
                    "Find what in this ClientHello the server fails on: of a client (chromium, firefox, go, "
                    "java, node, openssl, "
                    "python, curl), of a file (hex, bytes, records of alert40, a capture), or in hex")
        ->type_name("NAME|FILE|HEX");
    parser
        .add_option("--works", flags->works,
                    "Compare it with this one, which works; default: one is looked for")
        ->type_name("NAME|FILE|HEX");
    parser
        .add_option("--id", flags->id,
                    "Of the record, or the connection, whose hello it is; default: the last that failed")
        ->type_name("ID");
    parser.add_flag("--compare", flags->compare,
                    "The same handshake for each --resolver, each address that it gives and each --via, and "
                    "where they differ");
    parser
        .add_option("--watch", flags->watch,
                    "Compare again every so many seconds, and say when something changes")
        ->check(CLI::Range(1, 86'400))
        ->type_name("SECONDS");
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
    .examples =
        "  alert40 diagnose api.example.com\n"
        "  alert40 diagnose https://api.example.com:8443/v1/models --write-policy mended.toml\n"
        "  alert40 diagnose api.example.com --resolver system --resolver 9.9.9.9\n"
        "  alert40 diagnose api.example.com --hello chromium    # what of it is refused, when ours is taken\n"
        "  alert40 diagnose api.example.com --hello failing.pcap\n"
        "  alert40 diagnose api.example.com --compare --resolver system --resolver 9.9.9.9 --via direct "
        "--via http://proxy:3128\n"
        "  alert40 diagnose api.example.com --watch 60\n"
        "  alert40 diagnose api.example.com --inventory\n"
        "  alert40 diagnose api.example.com --json | jq .verdict\n",
    .declare = declare,
};

} // namespace alert40::app
