#include "policy/parse/rule_keys.hpp"

#include "policy/host_name.hpp"
#include "policy/origin.hpp"
#include "policy/parse/fault_keys.hpp"
#include "policy/parse/hello_match_keys.hpp"
#include "policy/parse/host_pattern.hpp"
#include "policy/parse/path_values.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"
#include "policy/time_text.hpp"

#include <array>

namespace alert40::policy::parse {
namespace {

// What people paste instead of a name: a URL, or a name with its port.
std::string host_meant(std::string const& text) {
    if (text.starts_with('*') && host_pattern("*." + text.substr(1)))
        return "; did you mean \"*." + text.substr(1) + "\"?";
    auto const url = text.find("://");
    auto const rest = url == std::string::npos ? text : text.substr(url + 3);
    auto const parsed = parse_host_port(rest.substr(0, rest.find('/')));
    if (!parsed || parsed->host.empty()) return {};
    auto hint = "; did you mean \"" + parsed->host + "\"";
    if (parsed->port) hint += " and port = " + std::to_string(*parsed->port);
    return hint + "?";
}

void read_host(Rule& rule, Node const& node, Context& context) {
    for (auto const& text : texts_value(node, context)) {
        if (auto pattern = host_pattern(text.value))
            rule.match.host.push_back(std::move(*pattern));
        else
            context.error(text.at,
                          "\"host\" takes a name, \"*.name\" for everything below it, or \"*\", not " +
                              in_quotes(text.value) + host_meant(text.value));
    }
    if (node.list() && node.list()->empty())
        context.error(node.at, "\"host\" is an empty list: leave it out to match every host");
}

void read_port(Rule& rule, Node const& node, Context& context) {
    auto const read = [&](Node const& one) {
        if (auto const port = integer_value(one, 1, 65535, context))
            rule.match.port.push_back(static_cast<std::uint16_t>(*port));
    };
    auto const* list = node.list();
    if (!list) return read(node);
    if (list->empty()) context.error(node.at, "\"port\" is an empty list: leave it out to match every port");
    for (auto const& one : *list)
        read(one);
}

void read_listener(Rule& rule, Node const& node, Context& context) {
    for (auto const& text : texts_value(node, context)) {
        if (auto const endpoint = parse_endpoint(text.value))
            rule.match.listener.push_back(endpoint->text());
        else
            context.error(text.at,
                          "\"listener\" takes ADDRESS:PORT as in `listen`, not " + in_quotes(text.value));
    }
    if (node.list() && node.list()->empty())
        context.error(node.at, "\"listener\" is an empty list: leave it out to match every listener");
}

constexpr std::array mode_choices = {Choice<Mode>{"watch", Mode::watch},
                                     Choice<Mode>{"intercept", Mode::intercept},
                                     Choice<Mode>{"block", Mode::block}};

template <class Name>
void read_slot(Rule& rule, Node const& node, Context& context) {
    auto text = text_value(node, context);
    if (!text) return;
    if (rule.ladder)
        return context.error(node.at,
                             "\"profile\" and \"ladder\" are one slot: a rule sets one of them, not both");
    rule.ladder = Name{std::move(*text)};
}

template <auto member, auto parse>
void read_path(Rule& rule, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    auto const value = parse(*text);
    if (value)
        rule.*member = *value;
    else
        context.error(node.at, context.key() + " " + value.error().text);
}

void read_until(Rule& rule, Node const& node, Context& context) {
    if (auto const span = node.text() ? parse_duration(*node.text()) : std::nullopt) {
        rule.until = *span;
        return;
    }
    auto const time = node.text() ? parse_time(*node.text()) : std::optional<Node::Time>();
    auto const* moment = std::get_if<Node::Time>(&node.value);
    if (!time && !moment)
        return context.error(node.at, "\"until\" takes a span such as \"30m\" or a time with its offset such "
                                      "as 2026-11-23T18:00:00Z, not " +
                                          (node.text() ? in_quotes(*node.text()) : std::string(node.kind())));
    rule.until = time ? *time : *moment;
    if (std::get<Node::Time>(*rule.until) <= context.now())
        context.warning(node.at, "\"until\" is in the past: the rule is as if it were not there");
}

void read_name(Rule& rule, Node const& node, Context& context) {
    store(rule.name, text_value(node, context));
}

constexpr std::array rule_keys = {
    Key<Rule>{"name", read_name},
    Key<Rule>{"host", read_host},
    Key<Rule>{"port", read_port},
    Key<Rule>{"listener", read_listener},
    Key<Rule>{"client_hello", [](Rule& rule, Node const& node,
                                 Context& c) { rule.match.client_hello = hello_match_value(node, c); }},
    Key<Rule>{"mode", [](Rule& rule, Node const& node,
                         Context& c) { rule.mode = choice_value(node, mode_choices, c); }},
    Key<Rule>{"profile", read_slot<ProfileName>},
    Key<Rule>{"ladder", read_slot<LadderName>},
    Key<Rule>{"resolver", read_path<&Rule::resolver, parse_resolver>},
    Key<Rule>{"address", read_path<&Rule::address, parse_address>},
    Key<Rule>{"via", read_path<&Rule::via, parse_via>},
    Key<Rule>{"split_hello", read_path<&Rule::split_hello, parse_split_hello>},
    Key<Rule>{"watch_if_untrusted", [](Rule& rule, Node const& node,
                                       Context& c) { rule.watch_if_untrusted = duration_value(node, c); }},
    Key<Rule>{"h2c", [](Rule& rule, Node const& node, Context& c) { rule.h2c = boolean_value(node, c); }},
    Key<Rule>{"diagnose",
              [](Rule& rule, Node const& node, Context& c) { rule.diagnose = boolean_value(node, c); }},
    Key<Rule>{"until", read_until},
    Key<Rule>{"fault", [](Rule& rule, Node const& node, Context& c) { rule.faults = faults_value(node, c); }},
};

} // namespace

void read_rule_keys(Node const& table, Rule& rule, Context& context) {
    read_table<Rule>(table, "[[rule]]", rule_keys, rule, context);
}

} // namespace alert40::policy::parse
