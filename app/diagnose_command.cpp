#include "app/diagnose_task.hpp"
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
#include "record/timestamp.hpp"

#include <CLI/CLI.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

namespace alert40::app {

namespace {

using namespace diagnose;

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
    std::cerr << "\r\033[K" << observation.number
              << " handshakes; the last one: " << short_text(observation).substr(0, 60) << std::flush;
}

void write_policy(DiagnoseFlags const& flags, Verdict const& verdict) {
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

/// What is done, and how it is told.
struct Session {
    DiagnoseFlags const& flags;
    DiagnoseTask const task;
    bool const shows_progress = !flags.quiet && ::isatty(STDERR_FILENO) == 1;

    explicit Session(DiagnoseFlags const& from)
        : flags(from)
        , task(from) {}

    std::unique_ptr<Prober> prober() const {
        return std::make_unique<Prober>(
            task.origin, task.path, task.limits,
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

Exit diagnose_target(Session const& session) {
    auto const prober = session.prober();
    auto const others = std::vector(session.task.resolvers.begin() + (session.task.resolvers.empty() ? 0 : 1),
                                    session.task.resolvers.end());
    auto const findings = search(*prober, session.task.trial, {others, session.task.client_certificate});
    auto const inventory =
        session.flags.inventory ? std::optional(take_inventory(*prober, session.task.trial)) : std::nullopt;
    return session.report(findings, judge(findings), inventory);
}

/// What in one client's hello does the server fail on?
Exit diagnose_hello(Session const& session) {
    auto const failing = hello_of(session.flags.hello, session.flags.id);
    auto const name =
        policy::to_ip_literal(session.task.origin.host) ? std::string{} : session.task.origin.host;
    std::optional<Hello> working;
    if (!session.flags.works.empty()) working = addressed_to(hello_of(session.flags.works, "").hello, name);
    auto trial = session.task.trial;
    trial.hello = addressed_to(failing.hello, name);
    Findings findings;
    findings.target = session.task.origin;
    findings.base = session.task.trial;
    auto const prober = session.prober();
    try {
        findings.bisect = prober->bisect(trial, working);
    } catch (OutOfHandshakes const& end) {
        findings.stopped = end.what();
    }
    return session.report(findings,
                          findings.bisect ? judge_hello(failing.name, *findings.bisect) : judge(findings));
}

Exit compare(Session const& session) {
    constexpr unsigned times = 3;
    auto const prober = session.prober();
    std::vector<Seen> seen;
    try {
        seen = look_from(
            *prober, views_of(*prober, session.task.trial, session.task.resolvers, session.task.vias), times);
    } catch (OutOfHandshakes const& end) {
        throw CommandError(end.what());
    }
    session.end_progress();
    std::cout << (session.flags.json ? views_json(session.task.origin, seen) : views_text(seen))
              << std::flush;
    return all_well(seen) ? Exit::fine : Exit::failed;
}

/// Every so many seconds until it is interrupted; a look that sees what the one before saw is one line.
Exit watch(Session const& session) {
    std::string before;
    auto worst = Exit::fine;
    while (!interrupted) {
        auto const next = std::chrono::steady_clock::now() + std::chrono::seconds(*session.flags.watch);
        try {
            auto const prober = session.prober();
            auto const seen = look_from(
                *prober, views_of(*prober, session.task.trial, session.task.resolvers, session.task.vias), 1);
            session.end_progress();
            auto const text = views_text(seen);
            if (!all_well(seen)) worst = Exit::failed;
            auto const clock = record::timestamp(std::chrono::system_clock::now()).substr(0, 19) + "Z  ";
            std::cout << (session.flags.json ? views_json(session.task.origin, seen)
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

Exit run(DiagnoseFlags const& flags) {
    if (!flags.works.empty() && flags.hello.empty())
        throw UsageError("--works says what --hello is compared with, which is missing");
    if (flags.compare && flags.watch) throw UsageError("--watch compares already");
    bool const compares = flags.compare || flags.watch;
    if (compares && (flags.inventory || !flags.hello.empty()))
        throw UsageError("--compare and --watch go with neither --hello nor --inventory");
    if (flags.inventory && !flags.hello.empty()) throw UsageError("--hello does not go with --inventory");
    take_interrupt();
    Session const session(flags);
    if (flags.watch) return watch(session);
    if (flags.compare) return compare(session);
    return flags.hello.empty() ? diagnose_target(session) : diagnose_hello(session);
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<DiagnoseFlags>();
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
