#include "policy/parse/rule_check.hpp"

#include "policy/decision.hpp"
#include "policy/parse/nearest.hpp"
#include "policy/parse/sections.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace alert40::policy::parse {
namespace {

/// A key that cannot act where the same rule sets this mode.
struct IdleKey {
    Mode mode;
    std::string_view key;
    std::string_view why;
};

constexpr std::array idle_keys = {
    IdleKey{Mode::watch, "profile",
            "a watched app sends its own hello: \"profile\" acts only on requests that are not tunnelled, or "
            "with mode = \"intercept\""},
    IdleKey{Mode::watch, "ladder",
            "a watched app sends its own hello: \"ladder\" acts only on requests that are not tunnelled, or "
            "with mode = \"intercept\""},
    IdleKey{Mode::watch, "diagnose",
            "a watched app sends its own hello, and has no ladder that could end in failure: \"diagnose\" "
            "acts only on "
            "requests that are not tunnelled, or with mode = \"intercept\""},
    IdleKey{Mode::watch, "watch_if_untrusted",
            "a watched app is shown no certificate of ours: \"watch_if_untrusted\" acts only with mode = "
            "\"intercept\""},
};

/// Keys that say how a request is passed on: none is where all are refused.
constexpr std::array passing_keys = {"profile", "ladder",      "resolver",           "address", "via",
                                     "h2c",     "split_hello", "watch_if_untrusted", "diagnose"};

bool covers(std::string const& general, std::string const& pattern) {
    if (general == "*" || general == pattern) return true;
    return pattern != "*" && host_matches(general, pattern.starts_with("*.") ? pattern.substr(2) : pattern);
}

/// `general` wants nothing that is not in `special`.
template <class Values, class Covers>
bool covers_each(Values const& general, Values const& special, Covers covers_one) {
    if (general.empty()) return true;
    return !special.empty() && std::ranges::all_of(special, [&](auto const& one) {
        return std::ranges::any_of(general, [&](auto const& each) { return covers_one(each, one); });
    });
}

/// Whatever the one matches, the other does too; but for the hello.
bool covers(Match const& general, Match const& special) {
    auto const same = [](auto const& a, auto const& b) { return a == b; };
    return covers_each(general.host, special.host,
                       [](auto const& a, auto const& b) { return covers(a, b); }) &&
           covers_each(general.port, special.port, same) &&
           covers_each(general.listener, special.listener, same);
}

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
        check_client_hello();
        check_faults();
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
        return rule_->mode || rule_->ladder || rule_->resolver || rule_->address || rule_->via ||
               rule_->h2c || rule_->diagnose || rule_->split_hello || rule_->watch_if_untrusted ||
               !rule_->faults.empty();
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
            auto const weak = "profile " + in_quotes(name) + " is weak (" + text::joined(why) + ")";
            if (names_hosts(rule_->match))
                context_->warning(place(slot_key()), weak + " and is used for the hosts of this rule");
            else
                context_->error(place(slot_key()),
                                weak + ": a rule that uses it must name its hosts, and not by \"*\"");
        }
    }

    void check_mode() {
        if (!rule_->mode) return;
        for (auto const& idle : idle_keys)
            if (idle.mode == *rule_->mode && find(*node_->table(), idle.key))
                context_->warning(place(idle.key), idle.why);
        if (rule_->mode == Mode::block)
            for (std::string_view const key : passing_keys)
                if (find(*node_->table(), key))
                    context_->warning(place(key), "mode \"block\" refuses every request: " + in_quotes(key) +
                                                      " cannot act");
        if (rule_->mode == Mode::intercept) check_interception();
    }

    void check_interception() {
        if (rule_->watch_if_untrusted) return;
        if (rule_->split_hello)
            context_->warning(
                place("split_hello"),
                "the hello of an intercepted app ends here: \"split_hello\" of a rule cuts the hello of "
                "a watched app; a profile has its own for ours");
        auto const& match = rule_->match;
        if (!names_hosts(match) && match.listener.empty() && !match.client_hello)
            context_->warning(place("mode"),
                              "every host is intercepted: an app that does not trust the local "
                              "authority fails everywhere; name the hosts in \"host\", or add "
                              "watch_if_untrusted = \"1h\"");
    }

    /// A ClientHello comes where apps speak TLS or open tunnels.
    bool hears_hello(std::string const& listener) const {
        return std::ranges::none_of(
            policy_->maps, [&](Map const& map) { return !map.tls && map.listen.text() == listener; });
    }

    void check_client_hello() {
        auto const& listeners = rule_->match.listener;
        bool const hears = listeners.empty() || std::ranges::any_of(listeners, [&](auto const& listener) {
                               return hears_hello(listener);
                           });
        if (rule_->match.client_hello && !hears)
            context_->warning(place("client_hello"),
                              "apps send no ClientHello to " + in_quotes(listeners.front()) +
                                  ", which stands for one origin without tls = true: the "
                                  "rule never matches");
    }

    // Nobody shall take it for the network's: said at each start, and of a rule for everybody as an error.
    void check_faults() {
        if (rule_->faults.empty()) return;
        if (rule_->mode == Mode::block)
            context_->error(place("fault"), "mode \"block\" refuses every request: no fault can strike");
        else if (!names_hosts(rule_->match) && rule_->match.listener.empty())
            context_->error(place("fault"),
                            "a rule with faults must name its hosts, and not by \"*\", or its listeners");
        else if (auto const* first = rule_that_has_them_all())
            context_->warning(place("fault"),
                              "no fault of this rule can strike: the faults of rule " +
                                  in_quotes(first->name) +
                                  " come first, for every host of this one; put them into one "
                                  "rule");
        else
            context_->warning(place("fault"), "apps fail on purpose by this rule");
        check_offers();
    }

    /// What is offered on purpose: by whom it can be, and for whom it may be weak.
    void check_offers() {
        auto offer = *tls::built_in_profile("modern");
        bool offers = false;
        for (auto const& fault : rule_->faults)
            if (auto const* one = std::get_if<fault::Offer>(&fault.action)) {
                offer = tls::with_offer(std::move(offer), one->offer);
                offers = true;
            }
        if (!offers) return;
        if (rule_->mode.value_or(Mode::watch) == Mode::watch)
            context_->warning(place("fault"),
                              "a watched app sends its own hello: what a fault offers acts only on requests "
                              "that are not tunnelled, or with mode = \"intercept\"");
        auto const why = context_->capabilities().weaknesses(offer);
        if (!why.empty() && !names_hosts(rule_->match))
            context_->error(place("fault"), "what a fault offers is weak (" + text::joined(why) +
                                                "): its rule must name its hosts, and not by \"*\"");
    }

    /// The faults of a connection come whole from the first rule that matches and has any.
    Rule const* rule_that_has_them_all() const {
        for (auto const& before : policy_->rules) {
            bool const always = !before.until && (!before.match.client_hello ||
                                                  before.match.client_hello == rule_->match.client_hello);
            if (!before.faults.empty() && always && covers(before.match, rule_->match)) return &before;
        }
        return nullptr;
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

void check_rule(Rule const& rule, Node const& node, Policy const& policy, Context& context) {
    RuleCheck(rule, node, policy, context).run();
}

} // namespace alert40::policy::parse
