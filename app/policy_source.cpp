#include "app/policy_source.hpp"

#include "app/exit.hpp"
#include "app/flag_dial.hpp"
#include "app/flag_rules.hpp"
#include "app/folders.hpp"
#include "app/listen_address.hpp"

#include <algorithm>

namespace alert40::app {

namespace {

using policy::parse::Parsed;
using policy::parse::Problem;

/// The rules and credentials of the flags, checked by the parser of files.
policy::Policy parse_flags(RunFlags const& flags, policy::Capabilities const& capabilities) {
    auto const text = listen_of(flags) + rules_of(flags);
    auto const parsed = policy::parse::parse_policy(text, "command line", capabilities);
    if (parsed.has_error()) throw UsageError(parsed.error().front().message);
    return parsed->policy;
}

std::vector<policy::Endpoint> parse_listen(std::vector<std::string> const& listen) {
    std::vector<policy::Endpoint> endpoints;
    for (auto const& text : listen)
        if (text != "none") endpoints.push_back(parse_listen_address(text));
    return endpoints;
}

std::vector<policy::Map> parse_maps(RunFlags const& flags) {
    std::vector<policy::Map> maps;
    for (auto const& text : flags.map)
        maps.push_back(parse_map(text));
    for (auto const& text : flags.tls_map)
        maps.push_back(parse_tls_map(text));
    return maps;
}

void put_in_front(std::vector<policy::Map>& maps, std::vector<policy::Map> const& ours) {
    std::erase_if(maps, [&](policy::Map const& map) {
        return std::ranges::any_of(ours, [&](auto const& other) { return other.listen == map.listen; });
    });
    maps.insert(maps.begin(), ours.begin(), ours.end());
}

} // namespace

PolicySource::PolicySource(RunFlags flags, policy::Capabilities const& capabilities)
    : flags_(std::move(flags))
    , capabilities_(capabilities)
    , file_(flags_.config.empty() ? users_policy_file() : std::filesystem::path(flags_.config))
    , said_(parse_flags(flags_, capabilities))
    , listen_(parse_listen(flags_.listen))
    , maps_(parse_maps(flags_)) {}

PolicySource::PolicySource(std::string text, std::string name, policy::Capabilities const& capabilities)
    : capabilities_(capabilities)
    , text_(std::move(text))
    , name_(std::move(name)) {}

PolicySource::Loaded PolicySource::load() const {
    auto loaded = load_file();
    if (loaded.has_error()) return loaded;
    lay_flags_over(*loaded);
    if (auto const why = why_exposed(loaded->policy)) return std::vector{Problem{name(), 0, 0, *why}};
    if (loaded->policy.listen.proxy.empty() && loaded->policy.maps.empty())
        return std::vector{
            Problem{name(), 0, 0, "there is nothing to listen on: no proxy address and no map"}};
    return loaded;
}

PolicySource::Loaded PolicySource::load_file() const {
    if (text_) {
        auto parsed = policy::parse::parse_policy(*text_, name_, capabilities_);
        if (parsed) parsed->warnings.clear(); // it is as whoever wrote it means it
        return parsed;
    }
    if (!uses_file()) return Parsed{.policy = policy::built_in_policy(), .warnings = {}};
    return policy::parse::parse_policy_file(file_, capabilities_);
}

void PolicySource::lay_flags_over(Parsed& parsed) const {
    auto& policy = parsed.policy;
    if (!flags_.listen.empty()) policy.listen.proxy = listen_;
    if (!flags_.credentials.empty()) policy.listen.credentials = said_.listen.credentials;
    if (flags_.threads) policy.listen.threads = *flags_.threads;
    put_in_front(policy.maps, maps_);
    auto rules = said_.rules;
    if (names_a_dial(flags_))
        for (auto const& warning : set_dial(policy, rules.back(), flags_, capabilities_))
            parsed.warnings.push_back({"command line", 0, 0, warning});
    policy.rules.insert(policy.rules.begin(), rules.begin(), rules.end());
}

bool PolicySource::uses_file() const {
    return !flags_.config.empty() || (!file_.empty() && std::filesystem::exists(file_));
}

std::string PolicySource::name() const {
    if (text_) return name_;
    return uses_file() ? file_.string() : "the built-in policy";
}

} // namespace alert40::app
