#include "app/flag_rules.hpp"

#include "app/exit.hpp"
#include "app/flag_dial.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

namespace alert40::app {

namespace {

/// A basic string of TOML.
std::string toml(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        auto const code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7f) {
            std::array<char, 8> escape;
            std::snprintf(escape.data(), escape.size(), "\\u%04x", code);
            out += escape.data();
        } else {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
    }
    return out + '"';
}

/// One [[rule]] as it grows.
class RuleText {
  public:
    explicit RuleText(std::string_view name) { set("name", name); }

    void set(std::string_view key, std::string_view value) { set_raw(key, toml(value)); }

    void set_raw(std::string_view key, std::string_view value) {
        text_ += std::string(key) + " = " + std::string(value) + '\n';
    }

    std::string const& text() const { return text_; }

  private:
    std::string text_ = "[[rule]]\n";
};

/// Takes the text up to the next colon that is not inside brackets, and the colon; nothing if there is no
/// colon.
std::optional<std::string_view> take_field(std::string_view& rest) {
    auto const from = rest.starts_with('[') ? rest.find(']') : 0;
    auto const colon = from == rest.npos ? rest.npos : rest.find(':', from);
    if (colon == rest.npos) return std::nullopt;
    auto const field = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
    return field;
}

std::string_view without_brackets(std::string_view host) {
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == text.npos;
}

void match(RuleText& rule, std::string_view host, std::string_view port) {
    if (!host.empty() && host != "*") rule.set("host", without_brackets(host));
    if (!port.empty()) rule.set_raw("port", port);
}

/// curl's: an empty HOST1 or PORT1 is any, an empty HOST2 or PORT2 keeps what was asked for.
RuleText connect_to_rule(std::string const& value) {
    std::string_view rest = value;
    auto const host = take_field(rest), port = take_field(rest), to_host = take_field(rest);
    auto const to_port = rest;
    if (!host || !port || !to_host || !(port->empty() || is_port(*port)) ||
        !(to_port.empty() || is_port(to_port)))
        throw UsageError("--connect-to wants HOST1:PORT1:HOST2:PORT2, not \"" + value + '"');
    RuleText rule("--connect-to " + value);
    match(rule, *host, *port);
    auto const address = std::string(*to_host) + (to_port.empty() ? "" : ":") + std::string(to_port);
    if (!address.empty()) rule.set("address", address);
    return rule;
}

/// curl's, with one address; its "+" (forget it after a while) changes nothing here.
RuleText resolve_rule(std::string const& value) {
    std::string_view rest = value;
    if (rest.starts_with('+')) rest.remove_prefix(1);
    auto const host = take_field(rest), port = take_field(rest);
    auto const address = without_brackets(rest);
    if (!host || host->empty() || !port || !is_port(*port) || address.empty() ||
        address.find(',') != address.npos)
        throw UsageError("--resolve wants HOST:PORT:ADDR with one address, not \"" + value + '"');
    RuleText rule("--resolve " + value);
    match(rule, *host, *port);
    bool const v6 = address.find(':') != address.npos;
    rule.set("address", (v6 ? "[" : "") + std::string(address) + (v6 ? "]:" : ":") + std::string(*port));
    return rule;
}

/// "--watch a.example" is a rule with mode = "watch".
RuleText mode_rule(std::string const& mode, std::string const& host) {
    RuleText rule("--" + mode + ' ' + host);
    rule.set("host", host);
    rule.set("mode", mode);
    return rule;
}

std::string list(std::vector<std::string> const& values) {
    std::string out;
    for (auto const& value : values)
        out += (out.empty() ? "[" : ", ") + toml(value);
    return out + ']';
}

/// What the other flags say, for the hosts of `--host`.
std::optional<RuleText> general_rule(RunFlags const& flags) {
    if (!names_a_dial(flags) && flags.via.empty() && flags.resolver.empty() && !flags.diagnose)
        return std::nullopt;
    RuleText rule("command line");
    if (!flags.host.empty()) rule.set_raw("host", list(flags.host));
    if (!flags.via.empty()) rule.set("via", flags.via);
    if (!flags.resolver.empty()) rule.set("resolver", flags.resolver);
    if (flags.diagnose) rule.set_raw("diagnose", "true");
    return rule;
}

} // namespace

std::string listen_of(RunFlags const& flags) {
    return flags.credentials.empty() ? "" : "[listen]\ncredentials = " + list(flags.credentials) + '\n';
}

std::string rules_of(RunFlags const& flags) {
    std::string rules;
    for (auto const& value : flags.connect_to)
        rules += connect_to_rule(value).text();
    for (auto const& value : flags.resolve)
        rules += resolve_rule(value).text();
    for (auto const& host : flags.block)
        rules += mode_rule("block", host).text();
    for (auto const& host : flags.watch)
        rules += mode_rule("watch", host).text();
    for (auto const& host : flags.intercept)
        rules += mode_rule("intercept", host).text();
    if (auto const rule = general_rule(flags))
        rules += rule->text();
    else if (!flags.host.empty())
        throw UsageError("--host says which hosts other flags are for (--profile, --ladder, --via, ...), and "
                         "there is none");
    return rules;
}

} // namespace alert40::app
