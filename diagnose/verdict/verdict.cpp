#include "diagnose/verdict/verdict.hpp"

#include "diagnose/verdict/app_settings.hpp"
#include "diagnose/verdict/evidence_text.hpp"
#include "diagnose/verdict/hello_verdict.hpp"
#include "diagnose/verdict/notice.hpp"
#include "diagnose/verdict/profile_text.hpp"
#include "diagnose/verdict/proof.hpp"
#include "diagnose/verdict/server_mends.hpp"
#include "record/probable_cause.hpp"
#include "record/worded.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <array>

namespace alert40::diagnose {
namespace {

using tls::FailureKind;
using tls::Phase;
using Kind = Verdict::Kind;

record::Evidence evidence_for(Findings const& findings, Observation const& failed) {
    std::array const records{record_of(findings, failed)};
    return record::evidence_of(records, failed.failure());
}

using Blanks = std::vector<std::pair<std::string_view, std::string>>;

std::string filled(std::string sentence, Blanks const& blanks) {
    for (auto const& [blank, filling] : blanks)
        if (auto const at = sentence.find(blank); at != std::string::npos)
            sentence.replace(at, blank.size(), filling);
    return sentence;
}

/// Those of a Proof that worded() does not know.
Blanks blanks_of(Findings const& findings) {
    auto const chosen = findings.mended.front().report.handshake.negotiated.value_or(tls::Negotiated{});
    auto const& offered = findings.failed()->report.handshake.offered;
    return {
        {"{chosen}", chosen.cipher_suite},
        {"{group}", chosen.group},
        {"{version}", "TLS " + chosen.version},
        {"{failure}", short_text(*findings.failed()->failure())},
        {"{bytes}", std::to_string(offered ? offered->bytes : 0)},
    };
}

/// The proof that the mending change is: of the failure itself, or of one that a wider offer came to, where
/// our own library says more than the server did.
std::pair<Proof const*, record::Evidence> proof_of(Findings const& findings) {
    auto evidence = evidence_for(findings, *findings.failed());
    if (findings.mends.size() != 1) return {nullptr, evidence};
    auto const& change = findings.mends.front().name;
    for (auto const& one : findings.tried) {
        auto const* const failure = one.observation.failure();
        if (!failure || !failure->alert || failure->alert->direction != tls::Direction::sent) continue;
        auto const further = evidence_for(findings, one.observation);
        if (auto const* const proof = proof_for(change, further)) return {proof, further};
    }
    return {proof_for(change, evidence), evidence};
}

/// A remedy that this machine can perform at once.
void add_policy(Verdict& verdict, Findings const& findings, bool weak) {
    verdict.policy = policy_text(findings.target, findings.base, with(findings.base, findings.mends));
    if (verdict.policy.empty()) return;
    verdict.remedies.push_back({"now",
                                "`alert40 diagnose " + findings.target.text() +
                                    " --write-policy mended.toml`, then `alert40 run --config mended.toml`",
                                weak});
}

void add_app_settings(Verdict& verdict, Findings const& findings, record::Evidence const& evidence) {
    for (auto const& change : findings.mends)
        for (auto const& row : app_settings())
            if (row.change == change.name)
                verdict.remedies.push_back({std::string(row.app),
                                            record::worded(filled(std::string(row.setting),
                                                                  {{"{url}", findings.target.text() + '/'}}),
                                                           evidence),
                                            change.weak});
}

/// 86 to a TLS 1.2 with TLS_FALLBACK_SCSV: the server speaks 1.3, so it is not the version that it does not
/// stand.
bool speaks_a_higher_version(Findings const& findings) {
    return std::ranges::any_of(findings.tried, [](auto const& one) {
        auto const* const failure = one.observation.failure();
        return one.changes.size() == 2 && one.changes.back().name == "fallback-scsv" && failure &&
               failure->alert && failure->alert->description == tls::AlertDescription::inappropriate_fallback;
    });
}

Verdict mended(Findings const& findings) {
    auto const& failed = *findings.failed();
    auto const [proof, evidence] = proof_of(findings);
    Verdict verdict{.kind = Kind::fails};
    bool const confirmed =
        findings.mended.size() > 2 && std::ranges::none_of(findings.mended, [](auto const& seen) {
            auto const* const failure = seen.failure();
            return failure && failure->kind != FailureKind::verify;
        });
    verdict.confidence = confirmed ? Confidence::high : Confidence::medium;
    auto const& change = findings.mends.front();
    if (auto const way = cause_of_way(change, failed); findings.mends.size() == 1 && !way.cause.empty()) {
        verdict.causes = {way.cause};
        verdict.sentence = way.sentence;
    } else if (proof) {
        verdict.causes = {std::string(proof->cause)};
        verdict.sentence =
            record::worded(filled(std::string(proof->sentence), blanks_of(findings)), evidence);
        if (speaks_a_higher_version(findings)) {
            verdict.causes = {"tls13-broken-on-the-way"};
            verdict.sentence =
                "with TLS 1.2 at most it works, and yet the server speaks TLS 1.3: it answers "
                "TLS_FALLBACK_SCSV by 86. Something in the hello of 1.3, or a box on the path, is at fault";
            verdict.confidence = Confidence::medium;
        }
    } else {
        // It is proven that this mends it, and not why.
        verdict.causes =
            record::probable_cause(std::array{record_of(findings, failed)}, failed.failure()).names;
        verdict.sentence = "it works " + words_of(findings.mends) + ", and not otherwise";
        verdict.confidence = Confidence::medium;
    }
    if (auto const* const remains = findings.mended.front().failure()) {
        verdict.kind = Kind::unmendable;
        verdict.sentence += ". Then only the certificate is objected to: " + short_text(*remains);
        add_server_mends(verdict);
        return verdict;
    }
    bool const weak = std::ranges::any_of(findings.mends, &Change::weak);
    add_policy(verdict, findings, weak);
    add_app_settings(verdict, findings, evidence);
    add_server_mends(verdict);
    return verdict;
}

/// The failure itself says enough: our own library's words, or what came before any handshake.
bool says_so_itself(tls::Failure const& failure, std::vector<std::string> const& causes) {
    if (causes.size() != 1) return false;
    switch (failure.kind) {
    case FailureKind::refused:
    case FailureKind::dns:
    case FailureKind::not_tls:
    case FailureKind::unreachable:
    case FailureKind::library: return true;
    default: return false;
    }
}

/// From what the records of a running proxy would make likely, too.
void judge_as_probable(Verdict& verdict, Findings const& findings, Observation const& failed) {
    constexpr std::string_view likely = "Likely: ";
    auto const& failure = *failed.failure();
    auto probable = record::probable_cause(std::array{record_of(findings, failed)}, &failure);
    verdict.causes = probable.names;
    verdict.confidence = says_so_itself(failure, probable.names) ? Confidence::high : Confidence::low;
    if (probable.verdict.empty())
        verdict.sentence = "it fails, and nothing that was tried changes that";
    else if (verdict.confidence == Confidence::high)
        verdict.sentence = probable.verdict.substr(likely.size(), probable.verdict.find_last_not_of('.') + 1 -
                                                                      likely.size());
    else
        verdict.sentence = "nothing that was tried changes it; likely: " +
                           probable.verdict.substr(likely.size(), probable.verdict.find_last_not_of('.') + 1 -
                                                                      likely.size());
    verdict.sentence += " (" + short_text(failure) + ")";
    for (auto& remedy : probable.remedies)
        verdict.remedies.push_back({"to try", std::move(remedy)});
}

/// Hellos that no library here could make have found what the server wants.
std::optional<Verdict> beyond_this_library(Findings const& findings) {
    if (!findings.bisect || findings.bisect->result.verdict != BisectResult::Verdict::reduced)
        return std::nullopt;
    auto verdict = judge_hello("openssl", *findings.bisect);
    verdict.kind = Kind::unmendable;
    verdict.sentence += "; nothing that alert40's own TLS library can offer gets through";
    return verdict;
}

Verdict unmended(Findings const& findings) {
    auto const& failed = *findings.failed();
    if (auto certificate = certificate_verdict(findings, failed)) return *certificate;
    if (auto beyond = beyond_this_library(findings)) return *beyond;
    Verdict verdict{.kind = Kind::unmendable};
    if (auto known = known_end(findings, failed)) {
        verdict.causes = known->causes;
        verdict.sentence = known->sentence;
        verdict.confidence = known->certain ? Confidence::high : Confidence::medium;
    } else
        judge_as_probable(verdict, findings, failed);
    add_server_mends(verdict);
    return verdict;
}

Verdict now_and_then(Findings const& findings) {
    Verdict verdict{.kind = Kind::intermittent, .confidence = Confidence::high};
    unsigned tries = static_cast<unsigned>(findings.unchanged.size()), failures = findings.failures();
    std::vector<std::string> bad, good;
    for (auto const& one : findings.addresses) {
        tries += one.tries;
        failures += one.failures;
        if (one.failures == one.tries) bad.push_back(one.address);
        if (one.failures == 0) good.push_back(one.address);
    }
    verdict.causes = {"one-bad-backend"};
    verdict.sentence = "it fails now and then, unchanged: " + std::to_string(failures) + " of " +
                       std::to_string(tries) + " handshakes (" + short_text(*findings.failed()->failure()) +
                       ")";
    if (!bad.empty() && !good.empty())
        verdict.sentence +=
            "; always at " + text::joined(bad, ", ") + ", never at " + text::joined(good, ", ");
    else
        verdict.sentence += ", which is how one bad backend of several looks";
    if (!good.empty() && !bad.empty()) {
        verdict.policy =
            policy_text(findings.target, findings.base, with(findings.base, {address_change(good.front())}));
        verdict.remedies.push_back(
            {"now",
             "`alert40 diagnose " + findings.target.text() +
                 " --write-policy mended.toml`, then `alert40 run --config mended.toml`: it stays at " +
                 good.front()});
    }
    verdict.remedies.push_back({"now", "try again: `alert40 run` does, once, before it changes anything"});
    add_server_mends(verdict);
    return verdict;
}

Verdict works(Findings const& findings) {
    auto notices = notices_of(findings);
    if (notices.empty())
        return {.kind = Kind::healthy, .sentence = "works, nothing to mend", .confidence = Confidence::high};
    Verdict verdict{.kind = Kind::noticed, .confidence = Confidence::high};
    for (auto& notice : notices) {
        verdict.causes.push_back(std::move(notice.cause));
        verdict.sentence += (verdict.sentence.empty() ? "works; but " : "; and ") + notice.sentence;
    }
    add_server_mends(verdict);
    return verdict;
}

Verdict without_evidence(Findings const& findings) {
    if (findings.unchanged.empty())
        return {.kind = Kind::unknown, .sentence = "nothing is known: " + findings.stopped};
    if (findings.intermittent()) return now_and_then(findings);
    if (findings.failures() == 0) return works(findings);
    return findings.mends.empty() ? unmended(findings) : mended(findings);
}

} // namespace

std::string_view name_of(Confidence confidence) {
    switch (confidence) {
    case Confidence::low: return "low";
    case Confidence::medium: return "medium";
    case Confidence::high: return "high";
    }
    return {};
}

std::string_view name_of(Kind kind) {
    switch (kind) {
    case Kind::healthy: return "healthy";
    case Kind::noticed: return "noticed";
    case Kind::fails: return "fails";
    case Kind::unmendable: return "unmendable";
    case Kind::intermittent: return "intermittent";
    case Kind::unknown: return "unknown";
    }
    return {};
}

Verdict judge(Findings const& findings) {
    auto verdict = without_evidence(findings);
    verdict.evidence = evidence_lines(findings);
    if (!findings.stopped.empty() && verdict.confidence == Confidence::high && verdict.kind != Kind::fails)
        verdict.confidence = Confidence::medium;
    return verdict;
}

} // namespace alert40::diagnose
