#include "policy/describe.hpp"

#include "policy/time_text.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace alert40::policy {
namespace {

using text::joined;

std::string host_words(std::string const& pattern) {
    if (pattern == "*") return "every host";
    return pattern.starts_with("*.") ? "everything below " + pattern.substr(2) : pattern;
}

std::string split_words(tls::SplitHello const& split) {
    using Mode = tls::SplitHello::Mode;
    if (split.mode == Mode::none) return "passes the hello of a watched app as it came";
    return "cuts the hello of a watched app after " + std::to_string(split.at) + " bytes into two " +
           (split.mode == Mode::record ? "TLS records" : "TCP segments");
}

/// What the hello of the app has to be like.
std::string hello_words(HelloMatch const& hello) {
    std::vector<std::string> all;
    if (!hello.alpn.empty()) all.push_back("offers " + joined(hello.alpn, " and "));
    if (!hello.cipher.empty()) all.push_back("offers the suite " + joined(hello.cipher, " and "));
    if (!hello.group.empty()) all.push_back("offers the group " + joined(hello.group, " and "));
    if (!hello.server_name.empty()) all.push_back("names " + joined(hello.server_name, " or "));
    if (hello.version_max) all.push_back("goes up to TLS " + std::string(name_of(*hello.version_max)));
    if (hello.no_server_name) all.emplace_back(*hello.no_server_name ? "names no server" : "names a server");
    if (hello.bytes_over) all.push_back("is longer than " + std::to_string(*hello.bytes_over) + " bytes");
    if (!hello.ja3.empty()) all.push_back("has the JA3 " + joined(hello.ja3, " or "));
    if (!hello.ja4.empty()) all.push_back("has the JA4 " + joined(hello.ja4, " or "));
    return joined(all, ", and ");
}

/// 0.25, not 0.250000.
std::string part_words(double part) {
    auto text = std::to_string(part);
    return text.erase(text.find_last_not_of('0') + 1);
}

std::string match_words(Match const& match) {
    std::vector<std::string> hosts;
    for (auto const& pattern : match.host)
        hosts.push_back(host_words(pattern));
    std::string out = hosts.empty() ? "every host" : joined(hosts);
    std::vector<std::string> ports;
    for (auto const port : match.port)
        ports.push_back(std::to_string(port));
    if (!ports.empty()) out += "; port " + joined(ports, " or ");
    if (!match.listener.empty()) out += "; coming in on " + joined(match.listener, " or ");
    if (match.client_hello) out += "; where the app's hello " + hello_words(*match.client_hello);
    return out;
}

std::string_view mode_words(Mode mode) {
    constexpr std::array<std::string_view, 3> words = {
        "tunnels are passed on untouched, and watched",
        "tunnels are intercepted: the app gets a certificate of the local authority",
        "every request is refused",
    };
    return words.at(static_cast<std::size_t>(mode));
}

std::string_view scsv_words(Scsv scsv) {
    constexpr std::array<std::string_view, 3> words = {
        "alert 86 to a lower version is reported, and the step dialled once more without the SCSV",
        "alert 86 to a lower version ends the ladder",
        "a lower version is offered without the SCSV",
    };
    return words.at(static_cast<std::size_t>(scsv));
}

/// Lines with an indented remark each.
class Lines {
  public:
    void head(std::string_view text) { out_ += std::string(text) + "\n"; }

    void add(std::string_view text) { out_ += "  " + std::string(text) + "\n"; }

    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

std::string map_words(Map const& map) {
    auto const where = "listens on " + map.listen.text() + (map.tls ? " for TLS" : "");
    if (!map.sni) return where + ", which stands for " + map.to.text();
    return where + ", which stands for the host that each hello names, port " + std::to_string(map.to.port);
}

/// The users; never their passwords.
std::string credentials_words(std::vector<std::string> const& credentials) {
    std::vector<std::string> users;
    for (auto const& one : credentials)
        users.push_back('"' + one.substr(0, one.find(':')) + '"');
    return "asks on these for the password of " + joined(users, " or ");
}

void add_listeners(Policy const& policy, Lines& lines) {
    for (auto const& endpoint : policy.listen.proxy)
        lines.head("listens on " + endpoint.text());
    if (!policy.listen.credentials.empty() && !policy.listen.proxy.empty())
        lines.head(credentials_words(policy.listen.credentials));
    for (auto const& map : policy.maps)
        lines.head(map_words(map));
    if (policy.listen.ui) lines.head("has its control page on " + policy.listen.ui->text());
    if (policy.listen.threads != 0)
        lines.head("uses " + std::to_string(policy.listen.threads) +
                   (policy.listen.threads == 1 ? " thread" : " threads"));
}

void add_ladder(Ladder const& ladder, Lines& lines) {
    std::vector<std::string> steps = ladder.steps;
    auto const retries = ladder.retry == 1 ? "once" : std::to_string(ladder.retry) + " times";
    if (ladder.retry > 0) steps.front() += " (" + retries + " more without resumption)";
    lines.add("ladder \"" + ladder.name + "\": " + joined(steps, ", then "));

    std::vector<std::string> triggers;
    for (auto const& trigger : ladder.on)
        triggers.push_back(trigger.text());
    lines.add(triggers.empty() ? "  no failure moves its first step"
                               : "  its first step moves on at " + joined(triggers));
    lines.add("  " + std::string(scsv_words(ladder.scsv)));
    bool const remembers = ladder.remember.count() > 0;
    lines.add(remembers ? "  remembers what worked for " + duration_text(ladder.remember)
                        : "  remembers nothing");
    lines.add("  waits " + duration_text(ladder.timeouts.connect) + " for a connection, " +
              duration_text(ladder.timeouts.handshake) + " for a handshake, " +
              duration_text(ladder.timeouts.total) + " in all");
}

void add_weakness(tls::Profile const& profile, Capabilities const& capabilities, Lines& lines) {
    auto const why = capabilities.weaknesses(profile);
    if (!why.empty()) lines.add("WEAK: profile \"" + profile.name + "\" (" + joined(why) + ")");
}

void add_slot(Rule const& rule, Policy const& policy, Capabilities const& capabilities, Lines& lines) {
    std::vector<std::string> used;
    if (auto const* profile = std::get_if<ProfileName>(&*rule.ladder)) {
        lines.add("profile \"" + profile->name + "\" and no other" +
                  (profile->name == "mirror" ? ": what the app offered" : ""));
        used = {profile->name};
    } else if (auto const* ladder = policy.ladder(std::get<LadderName>(*rule.ladder).name)) {
        add_ladder(*ladder, lines);
        used = ladder->steps;
    }
    std::vector<std::string> said;
    for (auto const& name : used) {
        auto const* profile = policy.profile(name);
        if (!profile || std::find(said.begin(), said.end(), name) != said.end()) continue;
        said.push_back(name);
        add_weakness(*profile, capabilities, lines);
    }
}

std::string via_words(Via const& via) {
    if (via.kind == Via::Kind::environment)
        return "goes through the proxy that HTTPS_PROXY and NO_PROXY name, if any";
    if (via.kind == Via::Kind::direct) return "goes directly, whatever HTTPS_PROXY says";
    return "goes through the proxy " + via.text() +
           (via.username.empty() ? "" : " as \"" + via.username + "\"");
}

void add_path(Rule const& rule, Lines& lines) {
    if (rule.resolver) lines.add("looks names up with " + rule.resolver->text());
    if (rule.address)
        lines.add("connects to " + rule.address->text() + " instead; the name in the handshake stays");
    if (rule.via) lines.add(via_words(*rule.via));
    if (rule.split_hello) lines.add(split_words(*rule.split_hello));
    if (rule.h2c && *rule.h2c) lines.add("speaks HTTP/2 to http:// origins, by prior knowledge");
    if (rule.h2c && !*rule.h2c) lines.add("speaks HTTP/1.1 to http:// origins");
}

void add_untrusted(Rule const& rule, Lines& lines) {
    if (!rule.watch_if_untrusted) return;
    lines.add(rule.watch_if_untrusted->count() > 0
                  ? "where an app does not trust the authority, its host is only watched for " +
                        duration_text(*rule.watch_if_untrusted)
                  : "intercepts on where an app does not trust the authority");
}

void add_diagnosis(Rule const& rule, Lines& lines) {
    if (!rule.diagnose) return;
    lines.add(*rule.diagnose
                  ? "finds out in the background why an origin fails where its ladder ended in failure"
                  : "leaves it to you to find out why an origin fails");
}

std::string request_words(RequestMatch const& match) {
    auto const methods = match.methods.empty() ? "any method" : joined(match.methods, ", ");
    return "to " + methods + " for " + (match.paths.empty() ? "any path" : joined(match.paths, ", "));
}

std::string condition_words(FaultCondition const& when) {
    std::vector<std::string> all;
    if (when.request) all.push_back(request_words(*when.request));
    if (when.hello) all.push_back("where the app's hello " + hello_words(*when.hello));
    if (when.segments_over)
        all.push_back("where it came in more than " + std::to_string(*when.segments_over) + " segments");
    if (when.time.from) all.push_back("from " + bound_text(*when.time.from));
    if (when.time.until) all.push_back("until " + bound_text(*when.time.until));
    if (when.chance)
        all.push_back("with chance " + part_words(*when.chance) + ", seed " + std::to_string(when.seed));
    if (when.every) all.push_back("each " + std::to_string(*when.every) + ". time, from the first");
    if (when.times) all.push_back("at most " + std::to_string(*when.times) + " times");
    return all.empty() ? "always" : joined(all, "; ");
}

void add_faults(Rule const& rule, Lines& lines) {
    for (auto const& fault : rule.faults)
        lines.add("FAILS ON PURPOSE: " + fault_text(fault.action, fault.at) + ", " +
                  condition_words(fault.when));
}

void add_until(Rule const& rule, Lines& lines) {
    if (!rule.until) return;
    if (auto const* span = std::get_if<std::chrono::milliseconds>(&*rule.until))
        lines.add("ends " + duration_text(*span) + " after it was first loaded");
    else
        lines.add("ends at " + time_text(std::get<std::chrono::system_clock::time_point>(*rule.until)));
}

} // namespace

std::string describe(Policy const& policy, Capabilities const& capabilities) {
    Lines lines;
    add_listeners(policy, lines);
    for (auto const& rule : policy.rules) {
        lines.head("\nrule \"" + rule.name + "\", for " + match_words(rule.match));
        if (rule.mode) lines.add(mode_words(*rule.mode));
        if (rule.ladder) add_slot(rule, policy, capabilities, lines);
        add_untrusted(rule, lines);
        add_path(rule, lines);
        add_diagnosis(rule, lines);
        add_faults(rule, lines);
        add_until(rule, lines);
    }
    lines.head(policy.rules.empty() ? "\nevery origin" : "\nwhat no rule says");
    lines.add(mode_words(Mode::watch));
    add_ladder(standard_ladder(), lines);
    return lines.take();
}

} // namespace alert40::policy
