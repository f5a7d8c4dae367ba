#include "record/probable_cause.hpp"

#include "record/cause_table.hpp"
#include "record/remedies.hpp"
#include "record/worded.hpp"

#include <algorithm>

namespace alert40::record {

namespace {

void add_once(std::vector<std::string>& list, std::string_view text) {
    if (!text.empty() && std::ranges::find(list, text) == list.end()) list.emplace_back(text);
}

} // namespace

ProbableCause probable_cause(std::span<HandshakeRecord const> attempts, tls::Failure const* failure) {
    auto const evidence = evidence_of(attempts, failure);
    // A failure that was made on purpose has its cause in the policy.
    if (evidence.failure.by == tls::By::injected) return {};

    ProbableCause result;
    std::vector<std::string> servers;
    for (auto const& cause : cause_table) {
        if (!cause.when.fits(evidence)) continue;
        result.names.emplace_back(cause.name);
        result.verdict.append(result.verdict.empty() ? "Likely: " : cause.joint)
            .append(worded(cause.likely, evidence));
        for (auto const& remedy : remedies_on_this_side(cause, evidence))
            add_once(result.remedies, remedy);
        if (!cause.server.empty()) add_once(servers, "at the server: " + std::string{cause.server});
    }
    if (!result.verdict.empty()) result.verdict += '.';
    for (auto const& fix : servers)
        add_once(result.remedies, fix);
    return result;
}

} // namespace alert40::record
