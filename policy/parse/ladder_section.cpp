#include "policy/limits.hpp"
#include "policy/parse/nearest.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"
#include "policy/parse/trigger.hpp"
#include "policy/parse/values.hpp"

#include <array>

namespace alert40::policy::parse {
namespace {

using std::chrono::milliseconds;

/// A ladder under way, with the policy whose profiles it may name.
struct LadderDraft {
    Ladder ladder;
    Policy const* policy;
};

void read_steps(LadderDraft& draft, Node const& node, Context& context) {
    auto& steps = draft.ladder.steps;
    steps.clear();
    for (auto const& text : text_list_value(node, context)) {
        if (steps.size() == limits::ladder_steps)
            return context.error(text.at,
                                 "a ladder has at most " + std::to_string(limits::ladder_steps) + " steps");
        if (!draft.policy->profile(text.value))
            context.error(text.at, no_such("profile", text.value, profile_names(*draft.policy)));
        else
            steps.push_back(text.value);
    }
    if (node.list() && node.list()->empty()) context.error(node.at, "\"steps\" needs at least one profile");
}

void read_on(LadderDraft& draft, Node const& node, Context& context) {
    draft.ladder.on.clear();
    for (auto const& text : text_list_value(node, context)) {
        auto const trigger = parse_trigger(text.value);
        if (trigger)
            draft.ladder.on.push_back(*trigger);
        else
            context.error(text.at, "\"on\" " + trigger.error());
    }
}

constexpr std::array scsv_choices = {Choice<Scsv>{"probe", Scsv::probe}, Choice<Scsv>{"strict", Scsv::strict},
                                     Choice<Scsv>{"off", Scsv::off}};

template <milliseconds Timeouts::*member>
void read_timeout(Timeouts& timeouts, Node const& node, Context& context) {
    auto const value = duration_value(node, context);
    if (!value) return;
    if (*value == milliseconds(0)) context.error(node.at, context.key() + " must be longer than nothing");
    timeouts.*member = *value;
}

constexpr std::array timeout_keys = {
    Key<Timeouts>{"connect", read_timeout<&Timeouts::connect>},
    Key<Timeouts>{"handshake", read_timeout<&Timeouts::handshake>},
    Key<Timeouts>{"total", read_timeout<&Timeouts::total>},
};

constexpr std::array ladder_keys = {
    Key<LadderDraft>{"retry",
                     [](LadderDraft& draft, Node const& node, Context& c) {
                         if (auto const n = integer_value(node, 0, limits::retries, c))
                             draft.ladder.retry = static_cast<unsigned>(*n);
                     }},
    Key<LadderDraft>{"steps", read_steps},
    Key<LadderDraft>{"on", read_on},
    Key<LadderDraft>{"scsv",
                     [](LadderDraft& draft, Node const& node, Context& c) {
                         store(draft.ladder.scsv, choice_value(node, scsv_choices, c));
                     }},
    Key<LadderDraft>{"remember", [](LadderDraft& draft, Node const& node,
                                    Context& c) { store(draft.ladder.remember, duration_value(node, c)); }},
    Key<LadderDraft>{"timeouts",
                     [](LadderDraft& draft, Node const& node, Context& c) {
                         read_table<Timeouts>(node, "timeouts", timeout_keys, draft.ladder.timeouts, c);
                     }},
};

void mark_weak_steps(Ladder& ladder, Policy const& policy, Capabilities const& capabilities) {
    for (std::size_t i = 0; i < ladder.steps.size(); ++i) {
        auto const* profile = policy.profile(ladder.steps[i]);
        if (profile && !capabilities.weaknesses(*profile).empty()) ladder.weak_steps.push_back(i);
    }
}

} // namespace

void read_ladders(Node const& section, Policy& policy, Context& context) {
    auto const* table = table_of(section, "[ladder.NAME]", context);
    if (!table) return;
    if (table->size() > limits::ladders)
        return context.error(section.at, "more than " + std::to_string(limits::ladders) + " ladders");
    for (auto const& member : *table) {
        if (policy.ladder(member.key)) {
            context.error(member.at,
                          "ladder " + in_quotes(member.key) + " is built in; give yours another name");
            continue;
        }
        if (!is_good_name(member.key, member.at, context)) continue;
        LadderDraft draft{standard_ladder(), &policy};
        draft.ladder.name = member.key;
        read_table<LadderDraft>(member.value, "[ladder." + member.key + "]", ladder_keys, draft, context);
        mark_weak_steps(draft.ladder, policy, context.capabilities());
        policy.ladders.push_back(std::move(draft.ladder));
    }
}

} // namespace alert40::policy::parse
