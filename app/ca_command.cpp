#include "app/ca_subcommands.hpp"
#include "app/certificate_text.hpp"
#include "app/choice.hpp"
#include "app/local_authority.hpp"
#include "app/trusting_stores.hpp"
#include "text/joined.hpp"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <array>
#include <fstream>
#include <iostream>

namespace alert40::app {

namespace json = boost::json;
using tls::ca::Authority;

namespace {

struct Flags {
    std::string config;
    std::vector<std::string> permit;
    std::string format = "pem";
    std::string output;
    bool json = false;
};

void declare_config(CLI::App& parser, Flags& flags) {
    parser
        .add_option("-c,--config", flags.config,
                    "The policy file, whose [authority] names the files; default: as alert40 run")
        ->type_name("FILE");
}

std::string text_of(tls::ca::Facts const& facts, tls::ca::Files const& files) {
    return facts.subject + "\n  SHA-256      " + facts.sha256 + "\n  valid        " + facts.not_before +
           " to " + facts.not_after + "\n  signs for    " +
           (facts.permitted.empty() ? "any name" : text::joined(facts.permitted)) + "\n  certificate  " +
           files.cert + "\n  key          " + files.key + '\n';
}

std::string text_of(std::vector<trust::Store> const& stores) {
    if (stores.empty()) return "  trusted by   no store; alert40 ca trust changes that\n";
    std::string out;
    for (auto const& store : stores)
        out += (out.empty() ? "  trusted by   " : "               ") + store.text() + '\n';
    return out;
}

json::object json_of(tls::ca::Facts const& facts, tls::ca::Files const& files,
                     std::vector<trust::Store> const& stores) {
    json::array trusted;
    for (auto const& store : stores)
        trusted.push_back(json::object{
            {"kind", std::string(name_of(store.kind))}, {"owner", store.owner}, {"folder", store.folder}});
    return {{"subject", facts.subject},
            {"sha256", facts.sha256},
            {"not_before", facts.not_before},
            {"not_after", facts.not_after},
            {"permitted", json::value_from(facts.permitted)},
            {"certificate", files.cert},
            {"key", files.key},
            {"trusted_by", std::move(trusted)}};
}

/// The one that there is, or the way to get one.
std::shared_ptr<Authority const> existing(tls::ca::Files const& files) {
    if (auto authority = find_authority(files)) return authority;
    throw CommandError("there is no authority yet (" + files.cert + "); alert40 ca init makes it");
}

Exit init(Flags const& flags) {
    auto const files = authority_files(policy_of(flags.config));
    auto const made = Authority::create(files, flags.permit);
    if (made.has_error()) throw CommandError(made.error());
    auto const facts = (*made)->facts();
    if (flags.json)
        std::cout << json::serialize(json_of(facts, files, {})) << '\n';
    else
        std::cout << text_of(facts, files)
                  << "alert40 ca trust lets browsers and the system trust it; alert40 env prints the "
                     "variables for the others\n";
    return Exit::fine;
}

Exit show(Flags const& flags) {
    auto const files = authority_files(policy_of(flags.config));
    auto const authority = existing(files);
    auto const stores = trusting_stores(anchor_of(*authority, files));
    if (flags.json)
        std::cout << json::serialize(json_of(authority->facts(), files, stores)) << '\n';
    else
        std::cout << text_of(authority->facts(), files) << text_of(stores);
    return Exit::fine;
}

Exit export_certificate(Flags const& flags) {
    auto const authority = existing(authority_files(policy_of(flags.config)));
    auto const& pem = authority->certificate_pem();
    auto const bytes = flags.format == "der" ? der_of(pem).value() : pem;
    if (flags.output.empty()) {
        std::cout << bytes << std::flush;
        return Exit::fine;
    }
    if (!(std::ofstream(flags.output, std::ios::binary) << bytes << std::flush))
        throw CommandError("cannot write " + flags.output);
    return Exit::fine;
}

std::function<Exit()> declare_init(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    declare_config(parser, *flags);
    parser
        .add_option("--permit", flags->permit,
                    "Sign for this name and what is below it, and for nothing else")
        ->type_name("NAME")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
    parser.add_flag("--json", flags->json, "Print JSON");
    return [flags] { return init(*flags); };
}

std::function<Exit()> declare_show(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    declare_config(parser, *flags);
    parser.add_flag("--json", flags->json, "Print JSON");
    return [flags] { return show(*flags); };
}

std::function<Exit()> declare_export(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    declare_config(parser, *flags);
    declare_choice(parser, "--format", flags->format, "pem|der",
                   "How to write the certificate; default: pem");
    parser.add_option("-o,--output", flags->output, "Write there instead of to stdout")->type_name("FILE");
    return [flags] { return export_certificate(*flags); };
}

constexpr std::array children = {&ca_init_subcommand, &ca_show_subcommand, &ca_export_subcommand,
                                 &ca_trust_subcommand, &ca_untrust_subcommand};

} // namespace

Subcommand const ca_init_subcommand{
    .name = "init",
    .summary = "make the local authority",
    .details = "It is made on first need anyway; this makes it now, or with name constraints. Where there is "
               "one already, nothing is changed, and the exit status is 1.",
    .examples = "  alert40 ca init\n"
                "  alert40 ca init --permit example.com --permit 127.0.0.1\n",
    .declare = declare_init,
};

Subcommand const ca_show_subcommand{
    .name = "show",
    .summary = "print what the local authority is, and who trusts it",
    .details = "",
    .examples = "  alert40 ca show\n"
                "  alert40 ca show --json\n",
    .declare = declare_show,
};

Subcommand const ca_export_subcommand{
    .name = "export",
    .summary = "print the certificate of the local authority, never its key",
    .details = "",
    .examples = "  alert40 ca export > alert40.pem\n"
                "  alert40 ca export --format der -o alert40.crt\n",
    .declare = declare_export,
};

Subcommand const ca_subcommand{
    .name = "ca",
    .summary = "the local authority, whose certificates apps see where a rule intercepts",
    .details = "Its key never leaves this machine, and no two machines have the same one. Nothing trusts it "
               "until it is told to.",
    .examples = "  alert40 ca init\n"
                "  alert40 ca trust --dry-run     # what would be changed\n"
                "  alert40 ca untrust             # as if it had never been\n",
    .declare = nullptr,
    .children = children,
};

} // namespace alert40::app
