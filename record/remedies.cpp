#include "record/remedies.hpp"

#include "record/trust_words.hpp"
#include "record/worded.hpp"

namespace alert40::record {

namespace {

/// What has to happen for `cause.client` to work where the hello was the app's own.
std::string of_watched(Cause const& cause, Evidence const& evidence) {
    switch (cause.mends) {
    case Mends::path:
    case Mends::command: return std::string{cause.client};
    case Mends::trust: return "make the app trust the issuer: " + ways_to_trust_issuer(evidence.client);
    case Mends::ladder: return "`alert40 run --intercept {host}` lets the ladder mend it";
    case Mends::offer: break;
    }
    if (cause.client.empty()) return {};
    return "intercept it (`mode = \"intercept\"` in a rule), and " + std::string{cause.client};
}

std::string of_authority(Evidence const& evidence) {
    return "make the app trust alert40's authority: " + (evidence.role == Role::served
                                                             ? ways_to_trust_proxy(evidence.client)
                                                             : ways_to_trust_authority(evidence.client));
}

} // namespace

std::vector<std::string> remedies_on_this_side(Cause const& cause, Evidence const& evidence) {
    std::vector<std::string> remedies;
    // What a step of the ladder got past is mended.
    if (cause.mends != Mends::command && evidence.facts.has(Fact::only_certificate_remains)) return remedies;
    if (evidence.role == Role::watched) {
        remedies = {of_watched(cause, evidence), std::string{cause.app}};
    } else {
        if (cause.mends == Mends::trust) remedies.push_back(of_authority(evidence));
        if (evidence.role != Role::dialled) remedies.emplace_back(cause.app);
        if (evidence.role != Role::served) remedies.emplace_back(cause.client);
    }
    std::erase(remedies, std::string{});
    for (auto& remedy : remedies)
        remedy = worded(remedy, evidence);
    return remedies;
}

} // namespace alert40::record
