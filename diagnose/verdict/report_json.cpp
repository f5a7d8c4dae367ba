#include "diagnose/verdict/evidence_text.hpp"
#include "diagnose/verdict/report.hpp"
#include "record/json.hpp"
#include "record/printable.hpp"

#include <boost/json.hpp>

namespace alert40::diagnose {
namespace {

namespace json = boost::json;

json::string text(std::string_view value) {
    return json::string(record::valid_utf8(value));
}

template <class Texts>
json::array list(Texts const& texts) {
    json::array out;
    for (auto const& one : texts)
        out.push_back(text(one));
    return out;
}

json::object visited_json(Visited const& visited) {
    json::object out{{"protocol", text(visited.protocol)}};
    if (visited.status != 0) out["status"] = visited.status;
    out["body_bytes"] = visited.body_bytes;
    out["body_pieces"] = visited.body_pieces;
    out["complete"] = visited.complete;
    if (visited.first_byte) out["first_byte_us"] = visited.first_byte->count();
    if (visited.first_body) out["first_body_us"] = visited.first_body->count();
    if (visited.last_body) out["last_body_us"] = visited.last_body->count();
    if (visited.failure) out["failure"] = text(short_text(*visited.failure));
    return out;
}

json::object trial_json(Findings const& findings, std::vector<Change> const& changes,
                        Observation const& observation) {
    json::array names;
    for (auto const& change : changes)
        names.push_back(text(change.name));
    json::object out{{"changes", std::move(names)},
                     {"words", text(changes.empty() ? "as an app would" : words_of(changes))},
                     {"works", observation.works()},
                     {"handshake", json::parse(record::to_json(record_of(findings, observation)))}};
    if (observation.visited) out["http"] = visited_json(*observation.visited);
    return out;
}

json::array remedies_json(Verdict const& verdict) {
    json::array out;
    for (auto const& remedy : verdict.remedies)
        out.push_back(
            json::object{{"who", text(remedy.who)}, {"what", text(remedy.what)}, {"weak", remedy.weak}});
    return out;
}

} // namespace

std::string report_json(Findings const& findings, Verdict const& verdict) {
    json::array trials;
    for (auto const& one : findings.unchanged)
        trials.push_back(trial_json(findings, {}, one));
    for (auto const& one : findings.tried)
        trials.push_back(trial_json(findings, one.changes, one.observation));
    std::vector<std::string> mends;
    for (auto const& change : findings.mends)
        mends.push_back(change.name);
    json::object out{{"type", "diagnosis"},
                     {"target", text(findings.target.text())},
                     {"outcome", text(name_of(verdict.kind))},
                     {"causes", list(verdict.causes)},
                     {"verdict", text(verdict.sentence)},
                     {"confidence", text(name_of(verdict.confidence))},
                     {"mended_by", list(mends)},
                     {"remedies", remedies_json(verdict)},
                     {"evidence", list(verdict.evidence)},
                     {"handshakes", findings.unchanged.size() + findings.tried.size() +
                                        (findings.mended.empty() ? 0 : findings.mended.size() - 1)}};
    if (findings.bisect)
        out["handshakes"] = findings.bisect->result.asked + findings.unchanged.size() + findings.tried.size();
    if (!verdict.policy.empty()) out["policy"] = text(verdict.policy);
    if (!findings.stopped.empty()) out["stopped"] = text(findings.stopped);
    out["trials"] = std::move(trials);
    return json::serialize(out) + '\n';
}

} // namespace alert40::diagnose
