#include "app/control_request.hpp"
#include "app/control_socket.hpp"
#include "app/engine_capabilities.hpp"
#include "app/reproduce/policy_text.hpp"
#include "app/reproduce/renaming.hpp"
#include "app/status_report.hpp"
#include "app/subcommand.hpp"
#include "policy/parse/alert_text.hpp"
#include "policy/parse/nearest.hpp"
#include "policy/parse/parse.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace alert40::app {

namespace {

using reproduce::RecordsOfFile;

struct Flags {
    std::string what; ///< FILE or ID
    std::string id, output, flaw, alert, alpn;
    std::optional<std::uint16_t> port;
    std::vector<std::string> renames;
    bool anonymous = false, list = false;
};

/// Where the failure is looked up.
struct Source {
    RecordsOfFile file;
    std::string name, id;
};

bool is_ulid(std::string_view text) {
    return text.size() == 26 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

/// The --record file of the proxy that runs.
std::string running_record_file(Flags const& flags) {
    auto const report = parse_status_report(ask_running_proxy(flags.port, to_json(ControlRequest{})));
    if (report.record_file.empty())
        throw CommandError(
            "the running proxy keeps no records: alert40 run --record FILE does; with a file: alert40 "
            "reproduce FILE --id " +
            flags.what);
    return report.record_file;
}

Source source_of(Flags const& flags) {
    bool const by_id = is_ulid(flags.what) && !std::filesystem::exists(flags.what);
    auto const path = by_id ? running_record_file(flags) : flags.what;
    return {reproduce::records_of_file(path), path, by_id ? flags.what : flags.id};
}

reproduce::Told told_by(Flags const& flags) {
    using policy::parse::did_you_mean;
    reproduce::Told told;
    if (!flags.flaw.empty()) {
        told.flaw = tls::flaw_named(flags.flaw);
        auto const names = tls::flaw_names();
        if (!told.flaw)
            throw UsageError("--certificate: there is no flaw \"" + flags.flaw + '"' +
                             did_you_mean(flags.flaw, std::vector<std::string>(names.begin(), names.end())));
    }
    if (!flags.alert.empty()) {
        told.alert = policy::parse::alert_of(flags.alert);
        if (!told.alert)
            throw UsageError("--alert: there is no alert \"" + flags.alert + '"' +
                             did_you_mean(flags.alert, policy::parse::alert_names()));
    }
    bool const is_name = std::ranges::all_of(flags.alpn, [](unsigned char c) { return std::isgraph(c); }) &&
                         flags.alpn.find_first_of("\"\\") == std::string::npos;
    if (!is_name) throw UsageError("--alpn takes the name of a protocol, such as spdy/3");
    if (!flags.alpn.empty()) told.alpn = flags.alpn;
    return told;
}

void write(Flags const& flags, std::string const& policy) {
    if (flags.output.empty()) {
        std::cout << policy;
        return;
    }
    std::ofstream out(flags.output);
    out << policy;
    out.close();
    if (!out) throw CommandError(flags.output + ": cannot be written");
    std::cerr << "alert40 run --config " << flags.output << '\n';
}

/// What is written is what alert40 run takes; a library of TLS may lack what a fault needs.
std::string checked(std::string policy) {
    auto const parsed = policy::parse::parse_policy(policy, "policy.toml", EngineCapabilities{});
    if (parsed.has_error())
        throw CommandError("no policy makes that here: " + parsed.error().front().message);
    return policy;
}

Exit list(Source const& source) {
    auto const lines = failures_in(source.file);
    for (auto const& line : lines)
        std::cout << line << '\n';
    return lines.empty() ? Exit::failed : Exit::fine;
}

Exit run(Flags const& flags) {
    auto const told = told_by(flags);
    reproduce::Renaming renaming;
    for (auto const& one : flags.renames)
        renaming.push_back(reproduce::parsed_renaming(one));

    auto const source = source_of(flags);
    for (auto const& complaint : source.file.complaints)
        std::cerr << source.name << ": " << complaint << '\n';
    if (flags.list) return list(source);
    auto chosen = choose(source.file, source.id);
    if (!chosen.failure && told.flaw)
        chosen = choose(source.file, source.id, reproduce::Taken::finished_handshakes);
    if (!chosen.failure) throw CommandError(source.name + ": " + chosen.error);
    auto& failed = *chosen.failure;
    auto made = recipe_for(failed, told);
    if (auto const* no = std::get_if<reproduce::NoRecipe>(&made))
        throw CommandError(failed.id + ": " + no->why);
    auto& recipe = std::get<reproduce::Recipe>(made);
    auto const trigger = trigger_of(failed);
    if (flags.anonymous)
        for (auto& one : reproduce::anonymous(failed))
            renaming.push_back(std::move(one));
    rename(failed, recipe, renaming);
    write(flags, checked(policy_text(failed, recipe, trigger)));
    if (auto const more = failures_in(source.file).size(); more > 1 && source.id.empty())
        std::cerr << "the last of " << more << " failures in " << source.name
                  << "; --list shows all, --id takes another\n";
    return Exit::fine;
}

std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    parser
        .add_option("RECORDED", flags->what,
                    "A file of alert40 run --record, - for that on stdin, a pcap or pcapng file, or the id "
                    "of a record of the "
                    "running proxy")
        ->type_name("FILE|ID")
        ->required();
    parser
        .add_option("--id", flags->id,
                    "Which failure; of a capture the number of its connection. Default: the last one")
        ->type_name("ID");
    parser.add_flag("--list", flags->list, "Only list the failures in it");
    parser.add_option("-o,--output", flags->output, "Write the policy there; default: stdout")
        ->type_name("FILE");
    parser
        .add_option("--rename", flags->renames,
                    "Replace a name or an address, and the names below it; may be given more than once")
        ->type_name("FROM=TO");
    parser.add_flag("--anonymous", flags->anonymous, "Replace all names and addresses");
    parser
        .add_option("--certificate", flags->flaw,
                    "What was wrong with the certificate, where the record cannot say: expired, wrong_host, "
                    "unknown_issuer, ...")
        ->type_name("FLAW");
    parser
        .add_option("--alert", flags->alert, "Which alert it was, where it was encrypted: a name or a number")
        ->type_name("ALERT");
    parser
        .add_option("--alpn", flags->alpn,
                    "Which protocol the server chose, where the app had not offered it and TLS 1.3 hides it")
        ->type_name("PROTOCOL");
    parser
        .add_option("--port", flags->port,
                    "With an ID: of the first listener of the proxy to ask, where several run")
        ->type_name("PORT");
    return [flags] { return run(*flags); };
}

} // namespace

Subcommand const reproduce_subcommand{
    .name = "reproduce",
    .summary = "a recorded failure -> a policy that makes it happen here",
    .details = "Writes a policy by which the same client fails here in the same words, without the network "
               "where it happened. From a "
               "record of alert40 run --record, or from a capture of tcpdump, which needs no keys. Comments "
               "say what one record cannot "
               "tell. Exit status 1: no policy makes this failure, or something has to be said first "
               "(--certificate, --alert, --alpn); the message says "
               "what.",
    .examples = "  alert40 reproduce handshakes.jsonl -o failing.toml  # the last failure in it\n"
                "  alert40 run --config failing.toml\n"
                "  tcpdump -w failing.pcap tcp port 443               # where it fails\n"
                "  alert40 reproduce failing.pcap --list\n"
                "  alert40 reproduce failing.pcap --id 3 --anonymous\n"
                "  grep api.example.com handshakes.jsonl | alert40 reproduce - --rename "
                "api.example.com=origin.test\n",
    .declare = declare,
};

} // namespace alert40::app
