#include "app/trust/change.hpp"

#include "app/trust/nss_stores.hpp"
#include "app/trust/system_store.hpp"

namespace alert40::app::trust {

namespace {

using shell::Command;

Command certutil(Store const& store, std::vector<std::string> more) {
    Command command{{"certutil", "-d", "sql:" + store.folder}};
    command.words.insert(command.words.end(), more.begin(), more.end());
    return command;
}

std::vector<Command> commands_to_trust(Store const& store, Anchor const& anchor) {
    switch (store.kind) {
    case Store::Kind::debian:
        return {Command{{"install", "-m", "0644", anchor.file, debian_file(store, anchor.sha256)}},
                Command{{"update-ca-certificates"}}};
    case Store::Kind::p11_kit: return {Command{{"trust", "anchor", "--store", anchor.file}}};
    case Store::Kind::nss: break;
    }
    std::vector<Command> commands;
    if (!exists(store)) {
        commands.push_back({{"mkdir", "-p", "-m", "700", store.folder}});
        commands.push_back(certutil(store, {"-N", "--empty-password"}));
    }
    // C: an issuer of TLS servers, and nothing for mail and code
    commands.push_back(
        certutil(store, {"-A", "-n", nickname(anchor.sha256), "-t", "C,,", "-i", anchor.file}));
    return commands;
}

std::vector<Command> commands_to_untrust(Store const& store, Anchor const& anchor) {
    switch (store.kind) {
    case Store::Kind::debian:
        return {Command{{"rm", "-f", debian_file(store, anchor.sha256)}},
                Command{{"update-ca-certificates"}}};
    case Store::Kind::p11_kit: return {Command{{"trust", "anchor", "--remove", anchor.file}}};
    case Store::Kind::nss: break;
    }
    return {certutil(store, {"-D", "-n", nickname(anchor.sha256)})};
}

} // namespace

std::string Change::text(bool with_sudo) const {
    auto out = store.text() + ":\n";
    for (auto const& command : commands)
        out += "  " + std::string(with_sudo ? "sudo " : "") + command.text() + '\n';
    return out;
}

Change change_to_trust(Store const& store, Anchor const& anchor) {
    return {store, commands_to_trust(store, anchor)};
}

Change change_to_untrust(Store const& store, Anchor const& anchor) {
    return {store, commands_to_untrust(store, anchor)};
}

std::optional<std::string> apply(Change const& change) {
    for (auto const& command : change.commands) {
        auto const outcome = shell::run(command);
        if (outcome.fine()) continue;
        if (outcome.status == 127 && command.words.front() == "certutil")
            return "certutil is not installed; the package is libnss3-tools (Fedora: nss-tools)";
        return command.text() + ": " + outcome.reason();
    }
    return std::nullopt;
}

} // namespace alert40::app::trust
