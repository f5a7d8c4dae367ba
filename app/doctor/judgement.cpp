#include "app/doctor/judgement.hpp"

#include "policy/host_name.hpp"

#include <algorithm>

namespace alert40::app::doctor {

namespace {

using Level = Finding::Level;

constexpr auto evaluate = "eval \"$(alert40 env)\" in the shell that starts it";

bool is_editor(App const& app) {
    return !app.settings.empty();
}

std::string print_settings(App const& app) {
    auto const client = pointing::clients[static_cast<std::size_t>(app.pointed_by)];
    return "alert40 env --for " + std::string(client) + " prints the lines to put there";
}

Finding judge_proxy_setting(App const& app, EditorSettings const& settings,
                            pointing::ProxyAddress const& proxy) {
    auto const about = "settings";
    if (!settings.proxy || settings.proxy->empty())
        return {Level::problem, about, "http.proxy is not set", print_settings(app)};
    auto const set = pointing::parse_proxy_url(*settings.proxy);
    bool const here = set && set->port == proxy.port && (set->host == proxy.host || set->host == "localhost");
    if (here) return {Level::ok, about, "http.proxy points here", ""};
    return {Level::problem, about,
            "http.proxy is " + (set ? set->place() : "no http://HOST:PORT") + ", and the proxy is " +
                proxy.place(),
            print_settings(app)};
}

Finding judge_http2_setting(App const& app, EditorSettings const& settings) {
    auto const& key = app.http1_mode;
    if (settings.http2_disabled.value_or(false))
        return {Level::ok, "settings", key + " is true: the agent's stream comes by HTTP/1.1", ""};
    return {Level::note, "settings",
            key + " is not true: the agent speaks HTTP/2 from Node, which knows no proxy",
            "turn on the HTTP/1.1 mode where the agent's stream is to come through here"};
}

/// Either spelling; both where they differ.
std::string spelled(Environment const& environment, std::string const& upper) {
    auto lower = upper;
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c == '_' ? c : static_cast<char>(c | 0x20); });
    auto const value = environment(lower);
    return value.empty() ? environment(upper) : value;
}

Finding judge_proxy_variable(App const& app, Environment const& environment,
                             pointing::ProxyAddress const& proxy) {
    auto const level = is_editor(app) ? Level::note : Level::problem;
    auto const value = spelled(environment, "HTTPS_PROXY");
    if (value.empty()) return {level, "variables", "HTTPS_PROXY is not set in this shell", evaluate};
    auto const set = pointing::parse_proxy_url(value);
    bool const here = set && set->port == proxy.port && (set->host == proxy.host || set->host == "localhost");
    if (here) return {Level::ok, "variables", "HTTPS_PROXY points here", ""};
    return {level, "variables",
            "HTTPS_PROXY points elsewhere: " + (set ? set->place() : "no http://HOST:PORT"), evaluate};
}

bool is_about_certificates(pointing::Variable const& variable) {
    auto const all = pointing::trust_variables();
    return std::ranges::find(all, variable.name, &pointing::TrustVariable::name) != all.end();
}

constexpr auto java_options = "JAVA_TOOL_OPTIONS";
constexpr auto evaluate_java = "eval \"$(alert40 env --for java)\" in the shell that starts it";

/// A whole option: a port that begins alike is another one.
bool has_option(std::string const& options, std::string const& option) {
    return (' ' + options + ' ').find(' ' + option + ' ') != std::string::npos;
}

/// Java reads none of the variables that others read.
Findings judge_java(Environment const& environment, pointing::ProxyAddress const& proxy, bool needs_trust) {
    auto const options = environment(java_options);
    bool const here = has_option(options, "-Dhttps.proxyHost=" + proxy.host) &&
                      has_option(options, "-Dhttps.proxyPort=" + std::to_string(proxy.port));
    auto const named = std::string(java_options);
    Findings findings;
    if (here)
        findings.push_back({Level::ok, "variables", named + " points here", ""});
    else
        findings.push_back(
            {Level::problem, "variables",
             named + (options.empty() ? " is not set: Java reads no other variable" : " does not point here"),
             evaluate_java});
    if (!needs_trust) return findings;
    bool const trusts = options.find("-Djavax.net.ssl.trustStore=") != std::string::npos;
    findings.push_back({trusts ? Level::ok : Level::problem, "trust",
                        named + (trusts ? " names a store" : " names no store with the local authority"),
                        trusts ? "" : evaluate_java});
    return findings;
}

std::string why_unseen(KnownHost const& host, App const& app) {
    if (!host.from_node_http2) return "";
    auto const mode = app.http1_mode.empty() ? std::string() : "set " + app.http1_mode + " to true, ";
    return mode + "or give it a mapped port (alert40 run --map), or a TLS listener behind a hosts entry (to "
                  "= \"https:sni\")";
}

} // namespace

Findings judge_settings(App const& app, std::string const& file, EditorSettings const& settings,
                        pointing::ProxyAddress const& proxy) {
    Findings findings{judge_proxy_setting(app, settings, proxy)};
    if (settings.support && *settings.support != "override")
        findings.push_back(
            {Level::problem, "settings",
             "http.proxySupport is \"" + *settings.support + "\": extensions may go their own way",
             "set it to \"override\""});
    if (settings.strict_ssl && !*settings.strict_ssl)
        findings.push_back({Level::problem, "settings",
                            "http.proxyStrictSSL is false: no certificate is checked",
                            "take it out; alert40 ca trust does what it was for"});
    if (!app.http1_mode.empty()) findings.push_back(judge_http2_setting(app, settings));
    for (auto& finding : findings)
        finding.what += " (" + file + ')';
    return findings;
}

Finding judge_missing_settings(App const& app) {
    return {Level::problem, "settings", "none found, such as ~/" + app.settings.front(), print_settings(app)};
}

Findings judge_variables(App const& app, Environment const& environment, pointing::Situation const& situation,
                         bool needs_trust) {
    if (app.pointed_by == pointing::Client::java)
        return judge_java(environment, situation.proxy, needs_trust && situation.certificates);
    Findings findings{judge_proxy_variable(app, environment, situation.proxy)};
    if (!needs_trust || !situation.certificates) return findings;
    auto const client = is_editor(app) ? pointing::Client::node : app.pointed_by;
    for (auto const& variable : pointing::variables_for(client, situation)) {
        if (!is_about_certificates(variable)) continue;
        bool const right = environment(variable.name) == variable.value;
        findings.push_back(
            {right            ? Level::ok
             : is_editor(app) ? Level::note
                              : Level::problem,
             "trust",
             variable.name + (right ? " names the local authority" : " does not name the local authority"),
             right ? "" : evaluate});
    }
    return findings;
}

Findings judge_hosts(App const& app, std::vector<Seen> const& seen) {
    Findings findings;
    bool any = false;
    for (auto const& known : app.hosts) {
        auto const found = std::ranges::find_if(
            seen, [&](auto const& one) { return policy::host_matches(known.pattern, one.host); });
        any = any || found != seen.end();
        if (found == seen.end())
            findings.push_back(
                {known.from_node_http2 ? Level::problem : Level::note, "hosts",
                 known.pattern + " was never seen" +
                     (known.from_node_http2 ? ": Node's http2.connect ignores every proxy setting" : ""),
                 why_unseen(known, app)});
        else
            findings.push_back(
                {found->established ? Level::ok : Level::problem, "hosts",
                 found->host + (found->established ? " came: " : " came, and failed: ") + found->said,
                 found->established ? "" : "alert40 status and the log say more"});
    }
    if (any || app.hosts.empty()) return findings;
    return {{Level::note, "hosts", "none of the hosts of " + app.title + " was seen yet",
             "start it, use it, and ask again"}};
}

} // namespace alert40::app::doctor
