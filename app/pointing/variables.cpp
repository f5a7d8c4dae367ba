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
    std::string_view instead = {}; ///< as in TrustVariable
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
    {"REQUESTS_CA_BUNDLE", Says::bundle, python, "CURL_CA_BUNDLE"},
    {"PIP_CERT", Says::bundle, python, "REQUESTS_CA_BUNDLE"},
    {"CURL_CA_BUNDLE", Says::bundle, others, "SSL_CERT_FILE"},
    {"AWS_CA_BUNDLE", Says::bundle, others, "REQUESTS_CA_BUNDLE"},
    {"CARGO_HTTP_CAINFO", Says::bundle, others, "SSL_CERT_FILE"},
    {"GIT_SSL_CAINFO", Says::bundle, git, "SSL_CERT_FILE"},
    {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", Says::bundle, grpc, "SSL_CERT_FILE"},
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

/// Options that are not there yet, after those of the user, whose own store stays. The path of the store has
/// no space in it where that can be helped: the variable is split at them, and quotes are understood.
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
    constexpr auto trust_store = "-Djavax.net.ssl.trustStore=";
    bool const has_store = options.find(trust_store) != std::string::npos;
    if (!has_store && situation.certificates && !situation.certificates->java_store.empty()) {
        auto const& store = situation.certificates->java_store;
        auto const option = trust_store + store;
        add(store.find(' ') == std::string::npos ? option : '"' + option + '"');
        add("-Djavax.net.ssl.trustStorePassword=changeit");
    }
    return options;
}

bool names_authorities(Row const& row) {
    return row.says == Says::authority || row.says == Says::bundle;
}

/// Nothing: it is left as it is.
std::optional<std::string> file_for(Row const& row, Certificates const& certificates) {
    auto const own = certificates.own.find(row.name);
    auto const& file = own != certificates.own.end() ? own->second
                       : row.says == Says::authority ? certificates.authority
                                                     : certificates.bundle;
    return file.empty() ? std::nullopt : std::optional(file);
}

/// Nothing: it is left as it is.
std::optional<std::string> value_of(Row const& row, Situation const& situation) {
    switch (row.says) {
    case Says::proxy: return situation.proxy.url();
    case Says::no_proxy: return with_localhost(situation.no_proxy);
    case Says::yes: return "1";
    case Says::authority:
    case Says::bundle: return situation.certificates ? file_for(row, *situation.certificates) : std::nullopt;
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

std::vector<TrustVariable> trust_variables() {
    std::vector<TrustVariable> variables;
    for (auto const& row : table)
        if (names_authorities(row)) variables.push_back({row.name, row.instead});
    return variables;
}

std::vector<Variable> variables_for(Client client, Situation const& situation) {
    std::vector<Variable> variables;
    for (auto const& row : table)
        if (auto value = is_for(row, client) ? value_of(row, situation) : std::nullopt)
            variables.push_back({std::string(row.name), std::move(*value)});
    return variables;
}

std::vector<std::string> names_for(Client client) {
    std::vector<std::string> names;
    for (auto const& row : table)
        if (is_for(row, client)) names.emplace_back(row.name);
    return names;
}

} // namespace alert40::app::pointing
