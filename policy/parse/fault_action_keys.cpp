#include "policy/parse/fault_action_keys.hpp"

#include "policy/parse/alert_text.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy::parse {
namespace {

constexpr std::array level_choices = {
    Choice<tls::AlertLevel>{"fatal", tls::AlertLevel::fatal},
    Choice<tls::AlertLevel>{"warning", tls::AlertLevel::warning},
};

void read_alert(fault::Alert& alert, Node const& node, Context& context) {
    auto const* number = std::get_if<std::int64_t>(&node.value);
    auto const text = number ? std::to_string(*number) : text_value(node, context).value_or("");
    if (text.empty()) return;
    auto const known = alert_of(text);
    if (known)
        alert.description = *known;
    else
        context.error(node.at, "\"alert\" takes a name or a number from 0 to 255, not " + in_quotes(text) +
                                   did_you_mean(text, alert_names()));
}

void read_level(fault::Alert& alert, Node const& node, Context& context) {
    store(alert.level, choice_value(node, level_choices, context));
}

void read_delay(fault::Delay& delay, Node const& node, Context& context) {
    store(delay.time, duration_value(node, context));
}

/// `reset = true`: there is no more to be told.
template <class Action>
void read_true(Action&, Node const& node, Context& context) {
    auto const on = boolean_value(node, context);
    if (on && !*on) context.error(node.at, context.key() + " = false does nothing: leave the fault out");
}

void read_flaw(fault::Certificate& certificate, Node const& node, Context& context) {
    auto const text = text_value(node, context);
    if (!text) return;
    auto const flaw = tls::flaw_named(*text);
    if (flaw)
        certificate.flaw = *flaw;
    else
        wrong_choice(node, *text, tls::flaw_names(), context);
}

// ---- a server that lacks something

template <auto member>
void read_names(fault::Server& server, Node const& node, Context& context) {
    auto& names = server.limits.*member;
    for (auto& text : texts_value(node, context))
        names.push_back(std::move(text.value));
    if (names.empty()) context.error(node.at, context.key() + " is an empty list");
}

template <auto member>
void read_flag(fault::Server& server, Node const& node, Context& context) {
    store(server.limits.*member, boolean_value(node, context));
}

void read_versions(fault::Server& server, Node const& node, Context& context) {
    for (auto const& text : texts_value(node, context)) {
        auto const version = tls::version_named(text.value);
        if (version)
            server.limits.versions.push_back(*version);
        else
            context.error(text.at, "\"versions\" takes \"1.0\" to \"1.3\", not " + in_quotes(text.value));
    }
}

void read_ciphers(fault::Server& server, Node const& node, Context& context) {
    store(server.limits.ciphers, text_value(node, context));
}

void read_server_alpn(fault::Server& server, Node const& node, Context& context) {
    server.alpn.emplace();
    for (auto& text : texts_value(node, context))
        server.alpn->push_back(std::move(text.value));
}

// ---- all of them

/// One key of `do`.
struct ActionKey {
    Key<FaultAction> key;
    std::size_t of;         ///< place of its action in FaultAction
    std::string_view after; ///< it only says more of the action that this key names; empty: it names one
};

template <class Action, void (*read)(Action&, Node const&, Context&)>
void read_into(FaultAction& action, Node const& node, Context& context) {
    if (!std::holds_alternative<Action>(action)) action.emplace<Action>();
    read(std::get<Action>(action), node, context);
}

template <class Action, void (*read)(Action&, Node const&, Context&)>
constexpr ActionKey key(std::string_view name, std::string_view after = "") {
    return {{name, read_into<Action, read>}, fault::place_of<Action>(), after};
}

template <class Action>
constexpr ActionKey key_that_is_true(std::string_view name) {
    return key<Action, read_true<Action>>(name);
}

using fault::Server;
using tls::ServerLimits;

/// In the order in which they are told.
constexpr std::array action_keys = {
    key<fault::Alert, read_alert>("alert"),
    key<fault::Alert, read_level>("level", "alert"),
    key_that_is_true<fault::Reset>("reset"),
    key_that_is_true<fault::Close>("close"),
    key_that_is_true<fault::Silence>("silence"),
    key<fault::Delay, read_delay>("delay"),
    key_that_is_true<fault::Garbage>("garbage"),
    key_that_is_true<fault::PlainHttp>("plain_http"),
    key<fault::Certificate, read_flaw>("certificate"),
    key<Server, read_versions>("versions"),
    key<Server, read_ciphers>("ciphers"),
    key<Server, read_names<&ServerLimits::cipher_suites>>("cipher_suites"),
    key<Server, read_names<&ServerLimits::groups>>("groups"),
    key<Server, read_server_alpn>("alpn"),
    key<Server, read_flag<&ServerLimits::require_client_certificate>>("require_client_certificate"),
    key<Server, read_flag<&ServerLimits::forgets_tickets>>("forgets_tickets"),
    key<Server, read_flag<&ServerLimits::dh_1024>>("dh_1024"),
};

ActionKey const* key_named(std::string_view name) {
    auto const* const found =
        std::ranges::find(action_keys, name, [](ActionKey const& row) { return row.key.name; });
    return found == action_keys.end() ? nullptr : found;
}

/// "reset", or "versions", "ciphers" of one server together.
std::string what_do_takes() {
    std::vector<std::string> names, server;
    for (auto const& row : action_keys)
        if (row.after.empty())
            (row.of == fault::place_of<Server>() ? server : names).push_back(in_quotes(row.key.name));
    return "\"do\" takes one of " + text::joined(names) + "; or what a server lacks, any of " +
           text::joined(server) + ": write one [[rule.fault]] for each";
}

/// All keys are of one action, and one of them names it.
void check_together(Node const& node, Context& context) {
    ActionKey const* first = nullptr;
    for (auto const& member : *node.table()) {
        auto const* row = key_named(member.key);
        if (!row) continue; // told already
        if (first && first->of != row->of) return context.error(node.at, what_do_takes());
        if (!row->after.empty() && !find(*node.table(), row->after))
            return context.error(node.at, in_quotes(row->key.name) + " only says more of " +
                                              in_quotes(row->after) + ", which is not there");
        if (!first) first = row;
    }
    if (node.table()->empty()) context.error(node.at, what_do_takes());
}

} // namespace

FaultAction fault_action_value(Node const& node, Context& context) {
    FaultAction action;
    std::vector<Key<FaultAction>> keys;
    for (auto const& row : action_keys)
        keys.push_back(row.key);
    read_table<FaultAction>(node, "do", keys, action, context);
    if (node.table()) check_together(node, context);
    return action;
}

} // namespace alert40::policy::parse
