#include "app/ca_subcommands.hpp"
#include "app/folders.hpp"
#include "app/local_authority.hpp"
#include "app/trust/change.hpp"
#include "app/trust/nss_stores.hpp"
#include "app/trust/system_store.hpp"
#include "app/trusting_stores.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace alert40::app {

using trust::Anchor;
using trust::Change;
using trust::Entry;
using trust::Store;

namespace {

struct Flags {
    std::string config;
    bool system = false, nss = false; ///< neither: both
    bool dry_run = false;
    bool yes = false;

    bool wants(Store const& store) const { return system == nss || (store.is_system() ? system : nss); }
};

void declare_flags(CLI::App& parser, Flags& flags) {
    parser
        .add_option("-c,--config", flags.config,
                    "The policy file, whose [authority] names the files; default: as alert40 run")
        ->type_name("FILE");
    parser.add_flag("--system", flags.system, "The system's store only");
    parser.add_flag("--nss", flags.nss, "The NSS databases of Chromium and Firefox only");
    parser.add_flag("-n,--dry-run", flags.dry_run, "Print the changes, and make none");
    parser.add_flag("-y,--yes", flags.yes, "Make the changes without asking");
}

/// A change, and what is to be remembered or forgotten with it.
struct Planned {
    Change change;
    Entry entry;
};

bool may_make(Change const& change) {
    return !change.needs_root() || ::geteuid() == 0;
}

/// Everything that would happen, and what another user would have to do.
void print(std::vector<Planned> const& plan) {
    for (auto const& planned : plan)
        if (may_make(planned.change) && !planned.change.commands.empty()) std::cout << planned.change.text();
    for (auto const& planned : plan)
        if (!may_make(planned.change))
            std::cout << "this one needs root; run it yourself:\n" << planned.change.text(true);
    std::cout.flush();
}

bool agreed(Flags const& flags) {
    if (flags.yes) return true;
    if (!::isatty(STDIN_FILENO)) throw UsageError("nobody is here to ask; --yes makes the changes");
    std::cerr << "make these changes? [y/N] ";
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

using Done = void (*)(std::vector<Entry>& list, Entry const& entry);

void remember(std::vector<Entry>& list, Entry const& entry) {
    if (std::ranges::find(list, entry) == list.end()) list.push_back(entry);
}

void forget(std::vector<Entry>& list, Entry const& entry) {
    std::erase(list, entry);
}

std::vector<Entry> read_list() {
    auto list = change_list().read();
    if (list.has_error()) throw CommandError(list.error());
    return std::move(*list);
}

void write_list(std::vector<Entry> const& list) {
    ensure_data_folder();
    if (auto const error = change_list().write(list)) throw CommandError(*error);
}

/// Makes the changes that this user may make; each is remembered as soon as it is made. Exit status 1:
/// something is left to do.
Exit carry_out(std::vector<Planned> const& plan, Flags const& flags, Done done) {
    print(plan);
    if (flags.dry_run) return Exit::fine;
    bool const something = std::ranges::any_of(plan, [](auto const& one) { return may_make(one.change); });
    if (something && !agreed(flags)) throw CommandError("nothing was changed");
    auto status = Exit::fine;
    for (auto const& [change, entry] : plan) {
        auto const error = may_make(change) ? trust::apply(change) : std::nullopt;
        if (error) std::cerr << change.store.text() << ": " << *error << '\n';
        if (error || !may_make(change)) {
            status = Exit::failed;
            continue;
        }
        auto list = read_list();
        done(list, entry);
        write_list(list);
    }
    return status;
}

Exit trust_it(Flags const& flags) {
    auto const files = authority_files(policy_of(flags.config));
    auto const authority = flags.dry_run ? find_authority(files) : ensure_authority(files);
    if (!authority) throw CommandError("there is no authority yet; alert40 ca init makes it");
    auto const anchor = anchor_of(*authority, files);
    std::vector<Planned> plan;
    for (auto const& store : known_stores())
        if (flags.wants(store)) {
            if (trust::trusts(store, anchor))
                std::cout << store.text() << " trusts it already\n";
            else
                plan.push_back({trust::change_to_trust(store, anchor), {store, anchor.sha256}});
        }
    if (flags.system && !flags.nss && !trust::system_store())
        throw CommandError(
            "neither update-ca-certificates (package ca-certificates) nor p11-kit is installed");
    return carry_out(plan, flags, remember);
}

/// Whether something of ours is in the store, even where it does not count: a file that
/// update-ca-certificates has not read.
bool has_something(Store const& store, Anchor const& anchor) {
    std::error_code missing;
    if (store.kind == Store::Kind::debian)
        return std::filesystem::exists(trust::debian_file(store, anchor.sha256), missing);
    return trust::trusts(store, anchor);
}

/// What the list says, then what is found without it.
std::vector<Entry> entries_to_undo(std::shared_ptr<tls::ca::Authority const> const& authority,
                                   tls::ca::Files const& files) {
    auto entries = read_list();
    if (!authority) return entries;
    auto const anchor = anchor_of(*authority, files);
    for (auto const& store : known_stores())
        if (has_something(store, anchor)) remember(entries, {store, anchor.sha256});
    return entries;
}

Exit untrust_it(Flags const& flags) {
    auto const files = authority_files(policy_of(flags.config));
    std::vector<Planned> plan;
    for (auto const& entry : entries_to_undo(find_authority(files), files)) {
        if (!flags.wants(entry.store)) continue;
        auto change = trust::change_to_untrust(entry.store, {files.cert, entry.sha256, {}});
        if (entry.store.kind == Store::Kind::nss &&
            !has_something(entry.store, {files.cert, entry.sha256, {}}))
            change.commands.clear(); // gone by other hands: only to be forgotten
        plan.push_back({std::move(change), entry});
    }
    if (plan.empty()) std::cout << "no store trusts it\n";
    return carry_out(plan, flags, forget);
}

template <Exit (*act)(Flags const&)>
std::function<Exit()> declare(CLI::App& parser) {
    auto const flags = std::make_shared<Flags>();
    declare_flags(parser, *flags);
    return [flags] { return act(*flags); };
}

} // namespace

Subcommand const ca_trust_subcommand{
    .name = "trust",
    .summary = "let the system, Chromium and Firefox trust the local authority",
    .details =
        "Prints every command before it runs it, and asks. The system's store needs root: without, the "
        "command is printed for you to run. Apps with stores of their own (Node, Python, Java, ...) are told "
        "by the variables of alert40 env instead. Exit status 1: a store is left that does not trust it yet.",
    .examples = "  alert40 ca trust --dry-run\n"
                "  alert40 ca trust --nss --yes     # browsers only\n",
    .declare = declare<trust_it>,
};

Subcommand const ca_untrust_subcommand{
    .name = "untrust",
    .summary = "undo what trust did",
    .details = "Finds the stores by the list that trust keeps, and also without it.",
    .examples = "  alert40 ca untrust --yes\n",
    .declare = declare<untrust_it>,
};

} // namespace alert40::app
