#include "app/diagnose_task.hpp"

#include "app/subcommand.hpp"
#include "policy/host_name.hpp"
#include "policy/parse/path_values.hpp"
#include "tls/engine/client_context.hpp"

#include <algorithm>
#include <filesystem>

namespace alert40::app {

namespace {

using diagnose::Trial;

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

Trial trial_of(DiagnoseFlags const& flags) {
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
std::optional<tls::ClientCertificate> client_certificate_of(DiagnoseFlags const& flags) {
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
std::vector<policy::Resolver> resolvers_of(DiagnoseFlags const& flags) {
    std::vector<policy::Resolver> resolvers;
    for (auto const& one : flags.resolvers)
        resolvers.push_back(parsed(policy::parse::parse_resolver(one), "--resolver"));
    return resolvers;
}

std::vector<policy::Via> vias_of(DiagnoseFlags const& flags) {
    std::vector<policy::Via> vias;
    for (auto const& one : flags.vias)
        vias.push_back(parsed(policy::parse::parse_via(one), "--via"));
    return vias;
}

} // namespace

DiagnoseTask::DiagnoseTask(DiagnoseFlags const& flags)
    : trial(trial_of(flags))
    , resolvers(resolvers_of(flags))
    , vias(vias_of(flags))
    , client_certificate(client_certificate_of(flags)) {
    auto target = parse_target(flags.target);
    origin = std::move(target.origin);
    path = std::move(target.path);
    if (!resolvers.empty()) trial.resolver = resolvers.front();
    if (!vias.empty()) trial.via = vias.front();
    constexpr unsigned most = 100, most_with_inventory = 250;
    auto const patience = std::chrono::seconds(flags.timeout);
    limits.handshakes = flags.max_handshakes.value_or(flags.inventory ? most_with_inventory : most);
    limits.timeouts = {.connect = patience, .handshake = patience, .total = 2 * patience};
}

} // namespace alert40::app
