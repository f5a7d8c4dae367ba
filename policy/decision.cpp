#include "policy/decision.hpp"

#include <algorithm>

namespace alert40::policy {
namespace {

using std::chrono::milliseconds;

bool holds(auto const& wanted, auto const& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool any_host_matches(std::vector<std::string> const& patterns, std::string_view host) {
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                           [&](auto const& pattern) { return host_matches(pattern, host); });
}

bool matches(Match const& match, Origin const& origin, std::string_view listener) {
    return any_host_matches(match.host, origin.host) && holds(match.port, origin.port) &&
           holds(match.listener, listener);
}

/// A rule without a name of its own is called by its place, and may move without becoming another rule.
bool same_rule(Rule a, std::size_t index_a, Rule const& b, std::size_t index_b) {
    if (a.name == automatic_rule_name(index_a) && b.name == automatic_rule_name(index_b)) a.name = b.name;
    return a == b;
}

/// The n-th of several equal rules is the n-th of the equal ones before.
std::optional<std::size_t> counterpart(Policy const& now, std::size_t rule, Policy const& before) {
    auto const same = [&](Policy const& in, std::size_t index) {
        return same_rule(in.rules[index], index, now.rules[rule], rule);
    };
    std::size_t nth = 0;
    for (std::size_t i = 0; i < rule; ++i)
        nth += same(now, i) ? 1 : 0;
    for (std::size_t i = 0; i < before.rules.size(); ++i)
        if (same(before, i) && nth-- == 0) return i;
    return std::nullopt;
}

Ladder ladder_of_one(std::string const& profile) {
    Ladder ladder;
    ladder.name = profile;
    ladder.retry = 0;
    ladder.steps = {profile};
    return ladder;
}

Ladder resolve(Policy const& policy, std::variant<LadderName, ProfileName> const& slot) {
    if (auto const* profile = std::get_if<ProfileName>(&slot)) return ladder_of_one(profile->name);
    auto const* ladder = policy.ladder(std::get<LadderName>(slot).name);
    return ladder ? *ladder : standard_ladder();
}

/// Fills each key of a decision from the first rule that sets it.
class Filling {
  public:
    explicit Filling(Decision& decision)
        : decision_(&decision) {}

    void take(Policy const& policy, Rule const& rule) {
        bool say = false;
        say |= set(mode_set_, rule.mode, decision_->mode);
        say |= set(resolver_set_, rule.resolver, decision_->resolver);
        say |= set(address_set_, rule.address, decision_->address);
        say |= set(via_set_, rule.via, decision_->via);
        say |= set(h2c_set_, rule.h2c, decision_->h2c);
        say |= set(diagnose_set_, rule.diagnose, decision_->diagnose);
        say |= set(split_set_, rule.split_hello, decision_->split_hello);
        say |= set(untrusted_set_, rule.watch_if_untrusted, decision_->watch_if_untrusted);
        if (!slot_set_ && rule.ladder) {
            decision_->ladder = resolve(policy, *rule.ladder);
            decision_->weak_allowed = names_hosts(rule.match);
            slot_set_ = say = true;
        }
        if (decision_->faults.empty() && !rule.faults.empty()) {
            decision_->faults = rule.faults;
            decision_->faulty_rule = rule.name;
            say = true;
        }
        if (say) decision_->rules.push_back(rule.name);
    }

    /// `rule` sets a key that no rule before it has set.
    bool leaves_to(Rule const& rule) const {
        return (rule.mode && !mode_set_) || (rule.resolver && !resolver_set_) ||
               (rule.address && !address_set_) || (rule.via && !via_set_) || (rule.h2c && !h2c_set_) ||
               (rule.diagnose && !diagnose_set_) || (rule.split_hello && !split_set_) ||
               (rule.watch_if_untrusted && !untrusted_set_) ||
               (!rule.faults.empty() && decision_->faults.empty()) || (rule.ladder && !slot_set_);
    }

  private:
    template <class Value, class Slot>
    static bool set(bool& done, std::optional<Value> const& from, Slot& to) {
        if (done || !from) return false;
        to = *from;
        return done = true;
    }

    Decision* decision_;
    bool slot_set_ = false, mode_set_ = false, resolver_set_ = false, address_set_ = false, via_set_ = false,
         h2c_set_ = false, diagnose_set_ = false, split_set_ = false, untrusted_set_ = false;
};

} // namespace

bool Decision::has_fault(FaultRole as, FaultPoint at) const {
    return std::ranges::any_of(faults, [&](Fault const& fault) { return fault.as == as && fault.at == at; });
}

bool names_hosts(Match const& match) {
    return !match.host.empty() && !holds(match.host, std::string("*"));
}

std::string automatic_rule_name(std::size_t index) {
    return "rule " + std::to_string(index + 1);
}

Rulebook::Rulebook(Policy policy, Clock::time_point now, Rulebook const* before)
    : policy_(std::move(policy)) {
    for (auto const& rule : policy_.rules)
        for (auto const& fault : rule.faults)
            fault_points_ |= 1U << static_cast<unsigned>(fault.at);
    deadlines_.reserve(policy_.rules.size());
    for (std::size_t i = 0; i < policy_.rules.size(); ++i) {
        auto const& until = policy_.rules[i].until;
        auto const* span = until ? std::get_if<milliseconds>(&*until) : nullptr;
        if (!until) {
            deadlines_.emplace_back();
        } else if (!span) {
            deadlines_.emplace_back(std::get<Clock::time_point>(*until));
        } else {
            auto const kept = before ? counterpart(policy_, i, before->policy_) : std::nullopt;
            deadlines_.push_back(kept ? before->deadlines_[*kept] : now + *span);
        }
    }
}

Decision Rulebook::decide(Origin const& origin, std::string_view listener, Clock::time_point now,
                          tls::Offered const* hello) const {
    Decision decision;
    decision.ladder = standard_ladder();
    Filling filling(decision);
    for (std::size_t i = 0; i < policy_.rules.size(); ++i) {
        auto const& deadline = deadlines_[i];
        if (deadline && *deadline <= now) continue;
        auto const& match = policy_.rules[i].match;
        if (!matches(match, origin, listener)) continue;
        if (match.client_hello && hello && !match.client_hello->matches(*hello)) continue;
        if (match.client_hello && !hello)
            decision.waits_for_hello |= filling.leaves_to(policy_.rules[i]);
        else
            filling.take(policy_, policy_.rules[i]);
        if (deadline && (!decision.valid_until || *deadline < *decision.valid_until))
            decision.valid_until = deadline;
    }
    if (decision.watch_if_untrusted == milliseconds(0)) decision.watch_if_untrusted.reset();
    return decision;
}

} // namespace alert40::policy
