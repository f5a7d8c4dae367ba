#pragma once

#include "policy/host_name.hpp"
#include "policy/policy.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace alert40::policy {

using Clock = std::chrono::system_clock;

/// What the rules say about one origin, key by key: for each key the first matching rule that sets it
/// decides.
struct Decision {
    Mode mode = Mode::watch;
    Ladder ladder; ///< a single profile stands here as a ladder of one step, without retry
    Resolver resolver;
    std::optional<Address> address;
    Via via;
    std::optional<tls::SplitHello> split_hello;                  ///< of a watched hello
    std::optional<std::chrono::milliseconds> watch_if_untrusted; ///< longer than nothing
    bool h2c = false;
    bool diagnose = false;
    std::vector<Fault> faults; ///< whole from one rule
    std::string faulty_rule;   ///< its name
    /// No hello was known, and a rule that matches but for its client_hello would set a key that is still
    /// free.
    bool waits_for_hello = false;
    std::vector<std::string> rules; ///< names of every rule that had a say, in order
    bool weak_allowed = false;      ///< a rule names this ladder or profile, so its weak profiles may be used
    std::optional<Clock::time_point>
        valid_until; ///< the earliest `until` among the rules that had a say or may have one

    bool operator==(Decision const&) const = default;

    /// One of the faults may strike there.
    bool has_fault(FaultRole as, FaultPoint at) const;
};

/// The rules of one policy with their deadlines, ready to be asked. Immutable; shared by threads.
class Rulebook {
  public:
    /// `now`: when the policy was loaded; spans in `until` count from here, except for rules that stand
    /// unchanged in `before`, which keep their deadline.
    Rulebook(Policy policy, Clock::time_point now, Rulebook const* before = nullptr);

    /// `hello`: of the app, where it is known; borrowed for the call.
    Decision decide(Origin const& origin, std::string_view listener, Clock::time_point now,
                    tls::Offered const* hello = nullptr) const;

    Policy const& policy() const { return policy_; }

    /// Some rule has a fault there.
    bool may_strike(FaultPoint at) const { return (fault_points_ >> static_cast<unsigned>(at) & 1U) != 0; }

    /// When `rule` ends; nothing: never.
    std::optional<Clock::time_point> deadline(std::size_t rule) const { return deadlines_.at(rule); }

  private:
    Policy policy_;
    std::vector<std::optional<Clock::time_point>> deadlines_;
    unsigned fault_points_ = 0; ///< a bit for each FaultPoint
};

/// The match names whom it is for: it has hosts, and "*" is not among them. Only such a rule may use what is
/// weak.
bool names_hosts(Match const& match);
/// What a rule without a name is called: "rule 1" for the first.
std::string automatic_rule_name(std::size_t index);

} // namespace alert40::policy
