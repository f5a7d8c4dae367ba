#include "app/flag_dial.hpp"

#include "app/exit.hpp"
#include "policy/parse/nearest.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <filesystem>

namespace alert40::app {

namespace {

constexpr std::string_view mark = "+flags"; ///< on the names of copies

bool tunes(RunFlags const& flags) {
    return !(flags.tls_max.empty() && flags.tls_min.empty() && flags.ciphers.empty() && flags.cacert.empty());
}

void check_tuning(RunFlags const& flags) {
    if (!flags.tls_max.empty() && flags.tls_min > flags.tls_max)
        throw UsageError("--tlsv" + flags.tls_min + " and --tls-max " + flags.tls_max + " leave no version");
    if (!flags.cacert.empty() && !std::filesystem::is_regular_file(flags.cacert))
        throw UsageError("--cacert: there is no file " + flags.cacert);
}

void limit_versions(tls::Profile& profile, RunFlags const& flags) {
    if (auto const most = tls::version_named(flags.tls_max))
        profile.max_version = std::min(profile.max_version, *most);
    if (auto const least = tls::version_named(flags.tls_min)) {
        profile.min_version = *least;
        profile.max_version = std::max(profile.max_version, *least);
    }
    profile.min_version = std::min(profile.min_version, profile.max_version);
    // Up to TLS 1.1 signatures are of SHA-1, which no security level above 0 takes.
    if (profile.min_version < tls::ProtocolVersion::tls1_2) profile.security_level = 0;
}

tls::Profile tuned(tls::Profile profile, RunFlags const& flags) {
    profile.name += mark;
    limit_versions(profile, flags);
    if (!flags.ciphers.empty()) profile.ciphers = flags.ciphers;
    if (!flags.cacert.empty()) profile.verify.ca_file = std::filesystem::absolute(flags.cacert).string();
    return profile;
}

/// Looks names up in one policy, and puts the changed copies there.
class DialChooser {
  public:
    DialChooser(policy::Policy& policy, RunFlags const& flags, policy::Capabilities const& capabilities)
        : policy_(policy)
        , flags_(flags)
        , capabilities_(capabilities) {}

    policy::ProfileName profile(std::string const& name) {
        auto const* const found = policy_.profile(name);
        if (!found)
            throw UsageError("there is no profile \"" + name + "\"" + nearest(name, policy_.profiles));
        auto profile = *found;
        if (tunes(flags_)) profile = tuned(std::move(profile), flags_);
        check(profile, name);
        if (!policy_.profile(profile.name)) policy_.profiles.push_back(profile);
        return {profile.name};
    }

    policy::LadderName ladder(std::string const& name) {
        auto const* const found = policy_.ladder(name);
        if (!found) throw UsageError("there is no ladder \"" + name + "\"" + nearest(name, policy_.ladders));
        auto ladder = *found;
        for (auto& step : ladder.steps)
            step = profile(step).name;
        if (tunes(flags_)) {
            ladder.name += mark;
            policy_.ladders.push_back(ladder);
        }
        return {ladder.name};
    }

    std::vector<std::string> take_warnings() { return std::move(warnings_); }

  private:
    static std::string nearest(std::string const& name, auto const& values) {
        std::vector<std::string> all;
        for (auto const& value : values)
            all.push_back(value.name);
        auto const near = policy::parse::did_you_mean(name, all);
        return near.empty() ? "; there are " + text::joined(all) : near;
    }

    void check(tls::Profile const& profile, std::string const& asked_for) {
        for (auto const& incapable : capabilities_.incapable(profile))
            throw UsageError("profile \"" + asked_for + "\": " + incapable.key + ": " + incapable.reason);
        auto const weaknesses = capabilities_.weaknesses(profile);
        if (weaknesses.empty()) return;
        auto const what =
            "profile \"" + asked_for + "\" is weak as asked for (" + text::joined(weaknesses) + ")";
        if (flags_.host.empty())
            throw UsageError(what + "; say with --host which hosts that is good enough for");
        warnings_.push_back(what + " and will be used for " + text::joined(flags_.host));
    }

    policy::Policy& policy_;
    RunFlags const& flags_;
    policy::Capabilities const& capabilities_;
    std::vector<std::string> warnings_;
};

} // namespace

bool names_a_dial(RunFlags const& flags) {
    return tunes(flags) || !flags.profile.empty() || !flags.ladder.empty();
}

std::vector<std::string> set_dial(policy::Policy& policy, policy::Rule& rule, RunFlags const& flags,
                                  policy::Capabilities const& capabilities) {
    check_tuning(flags);
    DialChooser chooser(policy, flags, capabilities);
    if (!flags.profile.empty())
        rule.ladder = chooser.profile(flags.profile);
    else
        rule.ladder = chooser.ladder(flags.ladder.empty() ? policy::standard_ladder().name : flags.ladder);
    return chooser.take_warnings();
}

} // namespace alert40::app
