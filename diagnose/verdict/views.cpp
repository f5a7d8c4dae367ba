#include "diagnose/verdict/views.hpp"

#include "diagnose/verdict/evidence_text.hpp"
#include "record/printable.hpp"
#include "record/timestamp.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace alert40::diagnose {
namespace {

constexpr std::size_t most_views = 24, most_addresses = 6;

std::string certificate_words(Observation const& observation) {
    auto const& chain = observation.report.handshake.certificates;
    return chain.empty() ? "" : ", certificate " + chain.front().subject + " of " + chain.front().issuer;
}

std::string summary_of(Observation const& observation) {
    auto text = short_text(observation);
    if (observation.works()) text += certificate_words(observation);
    return record::printable(text);
}

std::string ordinal(unsigned failures, std::size_t tries) {
    return std::to_string(failures) + " of " + std::to_string(tries) + " failed";
}

bool connected(Seen const& seen) {
    return std::ranges::any_of(seen.observations, [](Observation const& one) {
        return one.works() || one.failure()->phase > tls::Phase::connect;
    });
}

/// No connection comes about to this address, and does to another one on the same way: so an app would go
/// there (RFC 8305), as where a network has no IPv6.
bool out_of_reach(Seen const& seen, std::vector<Seen> const& all) {
    auto const& trial = seen.view.trial;
    return !connected(seen) && std::ranges::any_of(all, [&](Seen const& other) {
        auto const& its = other.view.trial;
        return its.via == trial.via && its.resolver == trial.resolver && connected(other);
    });
}

/// Summaries in the order in which they first came, with who saw them.
using Groups = std::vector<std::pair<std::string, std::vector<Seen const*>>>;

Groups grouped(std::vector<Seen> const& seen, bool within_reach) {
    Groups groups;
    for (auto const& one : seen) {
        if (out_of_reach(one, seen) == within_reach) continue;
        auto const summary = one.summary();
        auto found = std::ranges::find(groups, summary, &Groups::value_type::first);
        if (found == groups.end()) found = groups.insert(groups.end(), {summary, {}});
        found->second.push_back(&one);
    }
    return groups;
}

bool see_the_same(std::vector<Seen> const& seen) {
    return grouped(seen, true).size() == 1;
}

std::string lines_of(Groups const& groups) {
    std::string text;
    for (auto const& [summary, views] : groups) {
        text += "  " + summary + '\n';
        for (auto const* const one : views)
            text += "    " + one->view.words + '\n';
    }
    return text;
}

} // namespace

unsigned Seen::failures() const {
    return static_cast<unsigned>(
        std::ranges::count_if(observations, [](auto const& one) { return !one.works(); }));
}

std::string Seen::summary() const {
    auto const failed = std::ranges::find_if(observations, [](auto const& one) { return !one.works(); });
    auto const& telling = failed == observations.end() ? observations.front() : *failed;
    bool const sometimes = failures() != 0 && failures() != observations.size();
    return sometimes ? ordinal(failures(), observations.size()) + ": " + summary_of(telling)
                     : summary_of(telling);
}

std::vector<View> views_of(Prober& prober, Trial const& base, std::vector<policy::Resolver> const& resolvers,
                           std::vector<policy::Via> const& vias) {
    std::vector<View> views;
    for (auto const& via : vias.empty() ? std::vector{base.via} : vias)
        for (auto const& resolver : resolvers.empty() ? std::vector{base.resolver} : resolvers) {
            auto trial = base;
            trial.via = via;
            trial.resolver = resolver;
            auto const words = resolver.text() + ", ";
            auto const answer = via.resolves() || base.address
                                    ? net::Resolver::Answer{std::vector<net::ResolvedAddress>{}}
                                    : prober.look_up(resolver);
            std::size_t addresses = 0;
            for (auto const& one : answer ? *answer : std::vector<net::ResolvedAddress>{}) {
                if (views.size() >= most_views || addresses++ >= most_addresses) break;
                trial.address = policy::Address{.host = one.address};
                views.push_back({words + one.address + ", " + via.text(), trial});
            }
            if (addresses == 0 && views.size() < most_views) views.push_back({words + via.text(), trial});
        }
    return views;
}

std::vector<Seen> look_from(Prober& prober, std::vector<View> const& views, unsigned times) {
    std::vector<Seen> seen;
    for (auto const& view : views)
        seen.push_back({view, prober.try_all(std::vector<Trial>(times, view.trial), 1)});
    return seen;
}

std::string views_text(std::vector<Seen> const& seen) {
    auto const without = grouped(seen, false);
    auto const within_reach =
        std::ranges::count_if(seen, [&](Seen const& one) { return !out_of_reach(one, seen); });
    auto const views = within_reach == 1 ? "one view" : std::to_string(within_reach) + " views";
    auto const text = views +
                      (within_reach == 1    ? ""
                       : see_the_same(seen) ? " see the same"
                                            : " differ") +
                      '\n' + lines_of(grouped(seen, true));
    return without.empty() ? text : text + "out of reach from here\n" + lines_of(without);
}

std::string views_json(policy::Origin const& target, std::vector<Seen> const& seen) {
    boost::json::array views;
    for (auto const& one : seen)
        views.push_back(boost::json::object{{"view", one.view.words},
                                            {"tries", one.observations.size()},
                                            {"failures", one.failures()},
                                            {"summary", one.summary()},
                                            {"reachable", !out_of_reach(one, seen)}});
    return boost::json::serialize(
               boost::json::object{{"type", "comparison"},
                                   {"time", record::timestamp(std::chrono::system_clock::now())},
                                   {"target", target.text()},
                                   {"same", see_the_same(seen)},
                                   {"views", std::move(views)}}) +
           '\n';
}

bool all_well(std::vector<Seen> const& seen) {
    return see_the_same(seen) && std::ranges::all_of(seen, [&](auto const& one) {
               return one.failures() == 0 || out_of_reach(one, seen);
           });
}

} // namespace alert40::diagnose
