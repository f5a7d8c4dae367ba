#include "policy/decision.hpp"
#include "policy/limits.hpp"
#include "policy/parse/rule_check.hpp"
#include "policy/parse/rule_keys.hpp"
#include "policy/parse/sections.hpp"
#include "policy/parse/table.hpp"

#include <set>

namespace alert40::policy::parse {

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
        check_rule(rule, *node, policy, context);
        policy.rules.push_back(std::move(rule));
    }
}

} // namespace alert40::policy::parse
