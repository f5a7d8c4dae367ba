#include "policy/decision.hpp"
#include "policy/limits.hpp"
#include "policy/parse/nearest.hpp"
#include "policy/parse/rule_keys.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace alert40::policy::parse {
namespace {

/// Checks one rule against the rest of the policy.
class RuleCheck {
  public:
    RuleCheck(Rule const& rule, Node const& node, Policy const& policy, Context& context)
        : rule_(&rule)
        , node_(&node)
        , policy_(&policy)
        , context_(&context) {}

    void run() {
        if (rule_->ladder) {
            check_slot();
            check_weakness();
        }
        check_mode();
        check_listeners();
        if (!sets_anything())
            context_->warning(node_->at, "rule " + in_quotes(rule_->name) + " sets nothing");
    }

  private:
    Position place(std::string_view key) const {
        auto const* node = find(*node_->table(), key);
        return node ? node->at : node_->at;
    }

    std::string_view slot_key() const {
        return std::holds_alternative<LadderName>(*rule_->ladder) ? "ladder" : "profile";
    }

    bool sets_anything() const {
        return rule_->mode || rule_->ladder || rule_->resolver || rule_->address || rule_->via || rule_->h2c;
    }

    void check_slot() {
        auto const* ladder = std::get_if<LadderName>(&*rule_->ladder);
        if (ladder && !policy_->ladder(ladder->name))
            context_->error(place("ladder"), no_such("ladder", ladder->name, ladder_names(*policy_)));
        auto const* profile = std::get_if<ProfileName>(&*rule_->ladder);
        if (profile && !policy_->profile(profile->name))
            context_->error(place("profile"), no_such("profile", profile->name, profile_names(*policy_)));
    }

    std::vector<std::string> profiles_used() const {
        if (auto const* profile = std::get_if<ProfileName>(&*rule_->ladder)) return {profile->name};
        auto const* ladder = policy_->ladder(std::get<LadderName>(*rule_->ladder).name);
        return ladder ? ladder->steps : std::vector<std::string>();
    }

    // What is below the floor is for hosts that the user named, and is said every time.
    void check_weakness() {
        std::set<std::string> said;
        for (auto const& name : profiles_used()) {
            auto const* profile = policy_->profile(name);
            if (!profile || !said.insert(name).second) continue;
            auto const why = context_->capabilities().weaknesses(*profile);
            if (why.empty()) continue;
            std::string reasons;
            for (auto const& reason : why)
                reasons += (reasons.empty() ? "" : ", ") + reason;
            auto const weak = "profile " + in_quotes(name) + " is weak (" + reasons + ")";
            if (names_hosts(rule_->match))
                context_->warning(place(slot_key()), weak + " and is used for the hosts of this rule");
            else
                context_->error(place(slot_key()),
                                weak + ": a rule that uses it must name its hosts, and not by \"*\"");
        }
    }

    bool splits_hello() const {
        auto const used = profiles_used();
        return std::any_of(used.begin(), used.end(), [&](std::string const& name) {
            auto const* profile = policy_->profile(name);
            return profile && profile->split_hello.mode != tls::SplitHello::Mode::none;
        });
    }

    void check_mode() {
        bool const watches = rule_->mode == Mode::watch;
        if (rule_->ladder && watches && !splits_hello())
            context_->warning(place(slot_key()),
                              "mode \"watch\" passes the app's own hello: " + in_quotes(slot_key()) +
                                  " cannot act on a CONNECT; mode \"intercept\" would let it");
        if (rule_->mode != Mode::block) return;
        constexpr std::array<std::string_view, 6> idle = {"profile", "ladder", "resolver",
                                                          "address", "via",    "h2c"};
        for (auto const key : idle)
            if (find(*node_->table(), key))
                context_->warning(place(key),
                                  "mode \"block\" refuses every request: " + in_quotes(key) + " cannot act");
    }

    void check_listeners() {
        std::vector<std::string> known;
        for (auto const& endpoint : policy_->listen.proxy)
            known.push_back(endpoint.text());
        for (auto const& map : policy_->maps)
            known.push_back(map.listen.text());
        for (auto const& listener : rule_->match.listener)
            if (std::find(known.begin(), known.end(), listener) == known.end())
                context_->warning(place("listener"), "the policy does not listen on " + in_quotes(listener) +
                                                         did_you_mean(listener, known));
    }

    Rule const* rule_;
    Node const* node_;
    Policy const* policy_;
    Context* context_;
};

} // namespace

void read_rules(Node const& section, Policy& policy, Context& context) {
    std::set<std::string> names;
    for (auto const* node : tables_of(section, "[[rule]]", limits::rules, context)) {
        Rule rule;
        read_rule_keys(*node, rule, context);
        auto const* name = find(*node->table(), "name");
        if (!name)
            rule.name = automatic_rule_name(policy.rules.size());
        else if (name->text() && is_good_name(rule.name, name->at, context) &&
                 !names.insert(rule.name).second)
            context.error(name->at, "there are two rules with the name " + in_quotes(rule.name));
        RuleCheck(rule, *node, policy, context).run();
        policy.rules.push_back(std::move(rule));
    }
}

} // namespace alert40::policy::parse
