#include "policy/parse/fault_keys.hpp"

#include "policy/alert_places.hpp"
#include "policy/http_code.hpp"
#include "policy/limits.hpp"
#include "policy/parse/client_action_keys.hpp"
#include "policy/parse/fault_action_keys.hpp"
#include "policy/parse/fault_condition_keys.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/values.hpp"

#include <algorithm>
#include <array>

namespace alert40::policy::parse {
namespace {

/// Words with the names that they have in messages.
template <class Value>
std::vector<Choice<Value>> choices_of(std::vector<Value> const& values) {
    std::vector<Choice<Value>> choices;
    for (auto const value : values)
        choices.push_back({name_of(value), value});
    return choices;
}

constexpr std::array fault_keys = {
    Key<Fault>{"as", [](Fault& fault, Node const& node,
                        Context& c) { store(fault.as, choice_value(node, choices_of(roles_in_use()), c)); }},
    Key<Fault>{"at", [](Fault& fault, Node const& node,
                        Context& c) { store(fault.at, choice_value(node, choices_of(points_in_use()), c)); }},
    Key<Fault>{"when", [](Fault& fault, Node const& node,
                          Context& c) { fault.when = fault_condition_value(node, c); }},
    Key<Fault>{"do",
               [](Fault& fault, Node const& node, Context& c) {
                   bool const client = fault.as == FaultRole::client; // "as" came before, by the alphabet
                   fault.action = client ? client_action_value(node, c) : fault_action_value(node, c);
               }},
};

/// Where HTTP/2 begins there is no stream to be reset: what is asked for there is GOAWAY.
void say_to_the_connection(Fault& fault) {
    auto const* rst = std::get_if<fault::RstStream>(&fault.action);
    if (fault.at == FaultPoint::preface && rst && rst->error_code == http_1_1_required)
        fault.action = fault::Goaway{http_1_1_required};
}

/// Offered by the hellos that it strikes.
tls::ProtocolVersion highest_version(Fault const& fault) {
    return fault.when.hello ? fault.when.hello->version_max.value_or(tls::ProtocolVersion::tls1_3)
                            : tls::ProtocolVersion::tls1_3;
}

void check_fault(Fault const& fault, Node const& node, Context& context) {
    auto const* action = find(*node.table(), "do");
    if (!action) return context.error(node.at, "a fault has to say what it does: do = { alert = 40 }");
    if (auto const why = why_not(fault.action, fault.as, fault.at); !why.empty())
        context.error(action->at, why);
    if (std::holds_alternative<fault::Hello>(fault.action))
        context.warning(action->at,
                        "no handshake survives an edited hello, since the two ends do not mean the same: "
                        "it fails at Finished at the latest");
    if (auto const* alert = std::get_if<fault::Alert>(&fault.action))
        if (auto const why = why_not(*alert, fault.at, highest_version(fault)); !why.empty())
            context.error(action->at, why);
    auto const* const close = std::get_if<fault::Close>(&fault.action);
    if (close && !close->close_notify && fault.at < FaultPoint::finished)
        context.error(action->at, "no TLS stands yet that close_notify could end: use at = \"finished\", "
                                  "\"request\" or \"response\"");
    if (auto const* server = std::get_if<fault::Server>(&fault.action))
        if (auto const why = context.capabilities().refusal(server->limits))
            context.error(action->at, "no server can be limited so: " + *why);
    if (fault.when.request && fault.at != FaultPoint::request && fault.at != FaultPoint::response)
        context.error(find(*node.table(), "when")->at,
                      "no request is known at " + in_quotes(name_of(fault.at)) +
                          ": \"method\" and \"path\" go with at = \"request\" or \"response\"");
    if (fault.when.segments_over && (fault.as == FaultRole::client || fault.at > FaultPoint::finished))
        context.error(
            find(*node.table(), "when")->at,
            "\"segments_over\" counts what an app's hello came in: it is for as = \"origin\", and for "
            "what strikes the handshake");
    bool const looks_at_hello = fault.when.hello || fault.when.segments_over;
    if (looks_at_hello && fault.as == FaultRole::origin && fault.at == FaultPoint::connect)
        context.error(find(*node.table(), "when")->at,
                      "no ClientHello is known at \"connect\": use at = \"client_hello\"");
}

/// What each of them may do, and not all together.
void check_together(std::vector<Fault> const& faults, Node const& node, Context& context) {
    auto const shows = [](Fault const& fault) {
        return std::holds_alternative<fault::Certificate>(fault.action);
    };
    auto const wants_rsa = [](Fault const& fault) {
        auto const* server = std::get_if<fault::Server>(&fault.action);
        return server && server->limits.dh_1024;
    };
    if (std::ranges::any_of(faults, shows) && std::ranges::any_of(faults, wants_rsa))
        context.error(node.at,
                      "\"dh_1024\" needs a certificate of RSA, and those of \"certificate\" are of ECDSA: "
                      "one rule cannot have both");
}

} // namespace

std::vector<Fault> faults_value(Node const& node, Context& context) {
    std::vector<Fault> faults;
    for (auto const* one : tables_of(node, "[[rule.fault]]", limits::faults, context)) {
        Fault fault;
        read_table<Fault>(*one, "[[rule.fault]]", fault_keys, fault, context);
        if (!find(*one->table(), "at")) fault.at = usual_point(fault.action, fault.as).value_or(fault.at);
        say_to_the_connection(fault);
        check_fault(fault, *one, context);
        faults.push_back(std::move(fault));
    }
    check_together(faults, node, context);
    return faults;
}

} // namespace alert40::policy::parse
