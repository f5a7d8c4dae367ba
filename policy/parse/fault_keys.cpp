#include "policy/parse/fault_keys.hpp"

#include "policy/limits.hpp"
#include "policy/parse/alert_text.hpp"
#include "policy/parse/hello_match_keys.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy::parse {
namespace {

using Kind = FaultAction::Kind;

constexpr std::array point_choices = {Choice<FaultPoint>{"connect", FaultPoint::connect},
                                      Choice<FaultPoint>{"client_hello", FaultPoint::client_hello},
                                      Choice<FaultPoint>{"server_hello", FaultPoint::server_hello},
                                      Choice<FaultPoint>{"certificate", FaultPoint::certificate}};
constexpr std::array role_choices = {Choice<bool>{"origin", true}};
constexpr std::array level_choices = {
    Choice<tls::AlertLevel>{"fatal", tls::AlertLevel::fatal},
    Choice<tls::AlertLevel>{"warning", tls::AlertLevel::warning},
};

// ---- when

void read_chance(FaultCondition& when, Node const& node, Context& context) {
    auto const* whole = std::get_if<std::int64_t>(&node.value);
    auto const* part = std::get_if<double>(&node.value);
    double const chance = part ? *part : whole ? static_cast<double>(*whole) : 0;
    if (chance > 0 && chance <= 1)
        when.chance = chance;
    else
        context.error(node.at, "\"chance\" takes a part of one such as 0.1, which is one in ten");
}

template <auto member>
void read_count(FaultCondition& when, Node const& node, Context& context) {
    if (auto const n = integer_value(node, 1, limits::fault_count, context))
        when.*member = static_cast<std::size_t>(*n);
}

void read_seed(FaultCondition& when, Node const& node, Context& context) {
    if (auto const n = integer_value(node, 0, limits::fault_count, context))
        when.seed = static_cast<std::uint64_t>(*n);
}

constexpr std::array counting_keys = {
    Key<FaultCondition>{"chance", read_chance},
    Key<FaultCondition>{"seed", read_seed},
    Key<FaultCondition>{"every", read_count<&FaultCondition::every>},
    Key<FaultCondition>{"times", read_count<&FaultCondition::times>},
};

/// As it is called here, among keys that are not about the hello.
std::string_view name_in_when(std::string_view hello_key) {
    return hello_key == "bytes_over" ? "hello_bytes_over" : hello_key;
}

void read_condition(FaultCondition& when, Member const& member, Context& context) {
    std::vector<std::string_view> names;
    for (auto const& key : counting_keys) {
        if (key.name == member.key) return read_member(key, when, member, context);
        names.push_back(key.name);
    }
    for (auto const& key : hello_match_keys()) {
        auto const name = name_in_when(key.name);
        if (name == member.key) {
            if (!when.hello) when.hello.emplace();
            return read_member(key, *when.hello, member, context);
        }
        names.push_back(name);
    }
    unknown_key(member, "when", names, context);
}

void read_when(Fault& fault, Node const& node, Context& context) {
    auto const* table = table_of(node, "when", context);
    if (!table) return;
    for (auto const& member : *table)
        read_condition(fault.when, member, context);
    if (find(*table, "seed") && !fault.when.chance)
        context.error(node.at, "\"seed\" starts what \"chance\" draws from: it does nothing alone");
}

// ---- do

void read_alert(FaultAction& action, Node const& node, Context& context) {
    action.kind = Kind::alert;
    auto const* number = std::get_if<std::int64_t>(&node.value);
    auto const text = number ? std::to_string(*number) : text_value(node, context).value_or("");
    if (text.empty()) return;
    auto const alert = alert_of(text);
    if (alert)
        action.alert = *alert;
    else
        context.error(node.at, "\"alert\" takes a name or a number from 0 to 255, not " + in_quotes(text) +
                                   did_you_mean(text, alert_names()));
}

void read_level(FaultAction& action, Node const& node, Context& context) {
    store(action.level, choice_value(node, level_choices, context));
}

void read_delay(FaultAction& action, Node const& node, Context& context) {
    action.kind = Kind::delay;
    store(action.delay, duration_value(node, context));
}

template <Kind kind>
void read_plain(FaultAction& action, Node const& node, Context& context) {
    action.kind = kind;
    auto const on = boolean_value(node, context);
    if (on && !*on) context.error(node.at, context.key() + " = false does nothing: leave the fault out");
}

void read_flaw(FaultAction& action, Node const& node, Context& context) {
    action.kind = Kind::flaw;
    auto const text = text_value(node, context);
    if (!text) return;
    auto const flaw = tls::flaw_named(*text);
    if (flaw)
        action.flaw = *flaw;
    else
        wrong_choice(node, *text, tls::flaw_names(), context);
}

/// A key of the server that the app meets; several may stand in one fault.
template <auto read>
void read_limit(FaultAction& action, Node const& node, Context& context) {
    action.kind = Kind::limits;
    read(action, node, context);
}

template <auto member>
void read_names(FaultAction& action, Node const& node, Context& context) {
    for (auto& text : texts_value(node, context))
        (action.limits.*member).push_back(std::move(text.value));
    if ((action.limits.*member).empty()) context.error(node.at, context.key() + " is an empty list");
}

template <auto member>
void read_flag(FaultAction& action, Node const& node, Context& context) {
    store(action.limits.*member, boolean_value(node, context));
}

void read_versions(FaultAction& action, Node const& node, Context& context) {
    for (auto const& text : texts_value(node, context)) {
        auto const version = tls::version_named(text.value);
        if (version)
            action.limits.versions.push_back(*version);
        else
            context.error(text.at, "\"versions\" takes \"1.0\" to \"1.3\", not " + in_quotes(text.value));
    }
}

void read_ciphers(FaultAction& action, Node const& node, Context& context) {
    store(action.limits.ciphers, text_value(node, context));
}

void read_server_alpn(FaultAction& action, Node const& node, Context& context) {
    action.alpn.emplace();
    for (auto& text : texts_value(node, context))
        action.alpn->push_back(std::move(text.value));
}

using tls::ServerLimits;

constexpr std::array limit_keys = {
    Key<FaultAction>{"versions", read_limit<read_versions>},
    Key<FaultAction>{"ciphers", read_limit<read_ciphers>},
    Key<FaultAction>{"cipher_suites", read_limit<read_names<&ServerLimits::cipher_suites>>},
    Key<FaultAction>{"groups", read_limit<read_names<&ServerLimits::groups>>},
    Key<FaultAction>{"alpn", read_limit<read_server_alpn>},
    Key<FaultAction>{"require_client_certificate",
                     read_limit<read_flag<&ServerLimits::require_client_certificate>>},
    Key<FaultAction>{"forgets_tickets", read_limit<read_flag<&ServerLimits::forgets_tickets>>},
    Key<FaultAction>{"dh_1024", read_limit<read_flag<&ServerLimits::dh_1024>>},
};

constexpr std::array action_keys = {
    Key<FaultAction>{"alert", read_alert},
    Key<FaultAction>{"level", read_level},
    Key<FaultAction>{"reset", read_plain<Kind::reset>},
    Key<FaultAction>{"close", read_plain<Kind::close>},
    Key<FaultAction>{"silence", read_plain<Kind::silence>},
    Key<FaultAction>{"delay", read_delay},
    Key<FaultAction>{"garbage", read_plain<Kind::garbage>},
    Key<FaultAction>{"plain_http", read_plain<Kind::plain_http>},
    Key<FaultAction>{"certificate", read_flaw},
    limit_keys[0],
    limit_keys[1],
    limit_keys[2],
    limit_keys[3],
    limit_keys[4],
    limit_keys[5],
    limit_keys[6],
    limit_keys[7],
};
static_assert(limit_keys.size() == 8);

bool is_limit(Member const& member) {
    return std::ranges::find(limit_keys, member.key, &Key<FaultAction>::name) != limit_keys.end();
}

void read_action(Fault& fault, Node const& node, Context& context) {
    read_table<FaultAction>(node, "do", action_keys, fault.action, context);
    auto const* table = node.table();
    if (!table) return;
    bool const level = find(*table, "level") != nullptr;
    auto const limits = static_cast<std::size_t>(std::ranges::count_if(*table, is_limit));
    auto const actions = table->size() - limits - (level ? 1 : 0) + (limits > 0 ? 1 : 0);
    if (actions != 1)
        context.error(node.at, "\"do\" takes one of \"alert\", \"reset\", \"close\", \"silence\", \"delay\", "
                               "\"garbage\", \"plain_http\" or \"certificate\", or what a server lacks "
                               "(\"versions\", \"groups\", ...): write one [[rule.fault]] for each");
    else if (level && !find(*table, "alert"))
        context.error(node.at, "\"level\" is of an alert");
}

// ---- all of it

void read_role(Fault&, Node const& node, Context& context) {
    choice_value(node, role_choices, context);
}

constexpr std::array fault_keys = {
    Key<Fault>{"as", read_role},
    Key<Fault>{"at", [](Fault& fault, Node const& node,
                        Context& c) { store(fault.at, choice_value(node, point_choices, c)); }},
    Key<Fault>{"when", read_when},
    Key<Fault>{"do", read_action},
};

/// Where it strikes if nothing is said.
FaultPoint usual_point(Kind kind) {
    switch (kind) {
    case Kind::limits: return FaultPoint::server_hello;
    case Kind::flaw: return FaultPoint::certificate;
    default: return FaultPoint::client_hello;
    }
}

void check_fault(Fault const& fault, Node const& node, Context& context) {
    auto const* action = find(*node.table(), "do");
    if (!action) return context.error(node.at, "a fault has to say what it does: do = { alert = 40 }");
    if (!can_strike(fault.action.kind, fault.at))
        context.error(action->at, in_quotes(name_of(fault.action.kind)) + " cannot strike at " +
                                      in_quotes(name_of(fault.at)) + ": " +
                                      std::string(why_not(fault.action.kind)));
    if (fault.action.kind == Kind::limits)
        if (auto const why = context.capabilities().refusal(fault.action.limits))
            context.error(action->at, "no server can be limited so: " + *why);
    if (fault.when.hello && fault.at == FaultPoint::connect)
        context.error(find(*node.table(), "when")->at,
                      "no ClientHello is known at \"connect\": use at = \"client_hello\"");
}

} // namespace

std::vector<Fault> faults_value(Node const& node, Context& context) {
    std::vector<Fault> faults;
    for (auto const* one : tables_of(node, "[[rule.fault]]", limits::faults, context)) {
        Fault fault;
        read_table<Fault>(*one, "[[rule.fault]]", fault_keys, fault, context);
        if (!find(*one->table(), "at")) fault.at = usual_point(fault.action.kind);
        check_fault(fault, *one, context);
        faults.push_back(std::move(fault));
    }
    auto const shows = [](Fault const& fault) { return fault.action.kind == Kind::flaw; };
    auto const wants_rsa = [](Fault const& fault) { return fault.action.limits.dh_1024; };
    if (std::ranges::any_of(faults, shows) && std::ranges::any_of(faults, wants_rsa))
        context.error(node.at,
                      "\"dh_1024\" needs a certificate of RSA, and those of \"certificate\" are of ECDSA: "
                      "one rule cannot have both");
    return faults;
}

} // namespace alert40::policy::parse
