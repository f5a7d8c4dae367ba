#include "app/pointing/variables.hpp"

#include <algorithm>
#include <sstream>

namespace alert40::app::pointing {

namespace {

enum class Says { proxy, no_proxy, yes, authority, bundle, java };

constexpr unsigned bit(Client client) {
    return 1u << static_cast<unsigned>(client);
}

constexpr unsigned node = bit(Client::node) | bit(Client::shell) | bit(Client::all);
constexpr unsigned python = bit(Client::python) | bit(Client::shell) | bit(Client::all);
constexpr unsigned grpc = bit(Client::grpc) | bit(Client::shell) | bit(Client::all);
constexpr unsigned git = bit(Client::git) | bit(Client::shell) | bit(Client::all);
constexpr unsigned java = bit(Client::java) | bit(Client::all);
constexpr unsigned others = bit(Client::shell) | bit(Client::all);
constexpr unsigned every = node | python | grpc | git;

struct Row {
    std::string_view name;
    Says says;
    unsigned clients;
};

constexpr Row table[] = {
    {"HTTPS_PROXY", Says::proxy, every},
    {"HTTP_PROXY", Says::proxy, every},
    {"https_proxy", Says::proxy, every},
    {"http_proxy", Says::proxy, every},
    {"grpc_proxy", Says::proxy, grpc},
    {"NO_PROXY", Says::no_proxy, every},
    {"no_proxy", Says::no_proxy, every},
    {"NODE_USE_ENV_PROXY", Says::yes, node},
    {"NODE_EXTRA_CA_CERTS", Says::authority, node},
    {"DENO_CERT", Says::authority, others},
    {"SSL_CERT_FILE", Says::bundle, python | grpc},
    {"REQUESTS_CA_BUNDLE", Says::bundle, python},
    {"PIP_CERT", Says::bundle, python},
    {"CURL_CA_BUNDLE", Says::bundle, others},
    {"AWS_CA_BUNDLE", Says::bundle, others},
    {"CARGO_HTTP_CAINFO", Says::bundle, others},
    {"GIT_SSL_CAINFO", Says::bundle, git},
    {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", Says::bundle, grpc},
    {"JAVA_TOOL_OPTIONS", Says::java, java},
};

bool is_for(Row const& row, Client client) {
    return (row.clients & bit(client)) != 0;
}

/// What there was, and this machine itself.
std::string with_localhost(std::string const& no_proxy) {
    if (no_proxy == "*") return no_proxy;
    std::vector<std::string> names;
    std::istringstream text(no_proxy);
    for (std::string name; std::getline(text, name, ',');) {
        std::erase(name, ' ');
        if (!name.empty()) names.push_back(name);
    }
    for (auto const* const own : {"localhost", "127.0.0.1", "::1"})
        if (std::ranges::find(names, own) == names.end()) names.emplace_back(own);
    std::string out;
    for (auto const& name : names)
        out += (out.empty() ? "" : ",") + name;
    return out;
}

/// Options that are not there yet, after those of the user. The path of the store has no space in it where
/// that can be helped: the variable is split at them, and quotes are understood.
std::string java_options(Situation const& situation) {
    auto const port = std::to_string(situation.proxy.port);
    auto options = situation.java_tool_options;
    auto const add = [&](std::string const& option) {
        if (options.find(option) == std::string::npos) options += (options.empty() ? "" : " ") + option;
    };
    for (std::string const scheme : {"http", "https"}) {
        add("-D" + scheme + ".proxyHost=" + situation.proxy.host);
        add("-D" + scheme + ".proxyPort=" + port);
    }
    add("-Dhttp.nonProxyHosts=localhost|127.*|[::1]");
    if (situation.certificates && !situation.certificates->java_store.empty()) {
        auto const& store = situation.certificates->java_store;
        auto const option = "-Djavax.net.ssl.trustStore=" + store;
        add(store.find(' ') == std::string::npos ? option : '"' + option + '"');
        add("-Djavax.net.ssl.trustStorePassword=changeit");
    }
    return options;
}

/// Nothing: there is no authority to speak of.
std::optional<std::string> value_of(Says says, Situation const& situation) {
    auto const& certificates = situation.certificates;
    switch (says) {
    case Says::proxy: return situation.proxy.url();
    case Says::no_proxy: return with_localhost(situation.no_proxy);
    case Says::yes: return "1";
    case Says::authority: return certificates ? std::optional(certificates->authority) : std::nullopt;
    case Says::bundle: return certificates ? std::optional(certificates->bundle) : std::nullopt;
    case Says::java: return java_options(situation);
    }
    return std::nullopt;
}

} // namespace

std::optional<Client> client_named(std::string_view name) {
    auto const* const found = std::ranges::find(clients, name);
    if (found == clients.end()) return std::nullopt;
    return static_cast<Client>(found - clients.begin());
}

std::vector<Variable> variables_for(Client client, Situation const& situation) {
    std::vector<Variable> variables;
    for (auto const& row : table)
        if (auto value = is_for(row, client) ? value_of(row.says, situation) : std::nullopt)
            variables.push_back({std::string(row.name), std::move(*value)});
    return variables;
}

std::vector<std::string> names_for(Client client) {
    std::vector<std::string> names;
    for (auto const& row : table)
        if (is_for(row, client) && row.says != Says::no_proxy) names.emplace_back(row.name);
    return names;
}

} // namespace alert40::app::pointing
