#include "diagnose/verdict/verdict.hpp"

#include "diagnose/verdict/app_settings.hpp"
#include "diagnose/verdict/certificate_verdict.hpp"
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

/// From what the records of a running proxy would make likely, too: the failure, and what was tried after it.
record::ProbableCause probable(Findings const& findings) {
    auto const& failed = *findings.failed();
    std::vector records{record_of(findings, failed)};
    // What broke after the handshake stands in no record of one.
    if (!failed.report.failure) return record::probable_cause(records, failed.failure());
    for (auto const& one : findings.tried)
        if (!one.trial.hello && one.observation.report.failure)
            records.push_back(record_of(findings, one.observation));
    return record::probable_cause(records);
}

std::vector<std::string> probable_names(Findings const& findings) {
    return probable(findings).names;
}

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

/// What one of the mending changes proves, and of which failure.
struct Proven {
    Proof const* proof; ///< null: it mends for a reason that no row knows
    record::Evidence evidence;
};

/// Of the failure itself, or of one that a wider offer came to, where our own library says more than the
/// server did.
Proven proven_by(Change const& change, Findings const& findings) {
    for (auto const& one : findings.tried) {
        auto const* const failure = one.observation.failure();
        if (!failure || !failure->alert || failure->alert->direction != tls::Direction::sent) continue;
        auto const further = evidence_for(findings, one.observation);
        if (auto const* const proof = proof_for(change.name, further)) return {proof, further};
    }
    auto const evidence = evidence_for(findings, *findings.failed());
    return {proof_for(change.name, evidence), evidence};
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

void add_settings_for(std::string_view change, bool weak, Verdict& verdict, Findings const& findings) {
    auto const evidence = evidence_for(findings, *findings.failed());
    for (auto const& row : app_settings())
        if (row.change == change)
            verdict.remedies.push_back(
                {std::string(row.app),
                 record::worded(filled(std::string(row.setting), {{"{url}", findings.target.text() + '/'}}),
                                evidence),
                 weak});
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

bool works_alone(Findings const& findings, std::string_view change) {
    auto const* const seen = findings.alone(change);
    return seen && seen->works();
}

/// A hello that has nothing but ECDHE, with all groups that there are, was answered.
bool has_another_group(Findings const& findings) {
    return works_alone(findings, "every-group");
}

bool goes_by_name(Findings const& findings) {
    auto const answered = [&](std::string_view change) {
        auto const* const seen = findings.alone(change);
        return seen && seen->report.handshake.negotiated.has_value();
    };
    return answered("no-server-name") || answered("other-server-name");
}

/// Each time, and nothing but a certificate remained to be objected to.
bool confirmed(Findings const& findings) {
    return findings.mended.size() > 2 && std::ranges::none_of(findings.mended, [](auto const& seen) {
               auto const* const failure = seen.failure();
               return failure && failure->kind != FailureKind::verify;
           });
}

void tell_why_one_change_mends(Verdict& verdict, Findings const& findings) {
    auto const& change = findings.mends.front();
    if (auto const way = cause_of_way(change, *findings.failed()); !way.cause.empty()) {
        verdict.causes = {way.cause};
        verdict.sentence = way.sentence;
        return;
    }
    auto const [proof, evidence] = proven_by(change, findings);
    if (!proof) {
        // It is proven that this mends it, and not why.
        verdict.causes = probable_names(findings);
        verdict.sentence = "it works " + words_of(findings.mends) + ", and not otherwise";
        verdict.confidence = Confidence::medium;
        return;
    }
    verdict.causes = {std::string(proof->cause)};
    verdict.sentence = record::worded(filled(std::string(proof->sentence), blanks_of(findings)), evidence);
    if (speaks_a_higher_version(findings)) {
        verdict.causes = {"tls13-broken-on-the-way"};
        verdict.sentence =
            "with TLS 1.2 at most it works, and yet the server speaks TLS 1.3: it answers "
            "TLS_FALLBACK_SCSV by 86. Something in the hello of 1.3, or a box on the path, is at fault";
        verdict.confidence = Confidence::medium;
    } else if (proof->cause == "fingerprint-blocked" && !works_alone(findings, "other-group-first")) {
        verdict.causes = {"hello-not-digested"};
        verdict.sentence = "the server refuses a ClientHello for one cipher suite that is in it: it works " +
                           words_of(findings.mends);
    } else if (proof->change == "split-hello" && !goes_by_name(findings)) {
        verdict.causes = {"hello-filtered"};
        verdict.sentence =
            "something on the path reads the ClientHello and cuts the connection, whatever the "
            "name in it: split in two records it passes";
        verdict.confidence = Confidence::medium;
    } else if (has_another_group(findings)) {
        verdict.causes = {"no-common-group"};
        verdict.sentence = "the server does ECDHE with a group alone that alert40's own TLS library does not "
                           "have; it works " +
                           words_of(findings.mends);
    }
}

/// Each of them is needed, so each stands for a cause of its own.
void tell_why_changes_mend_together(Verdict& verdict, Findings const& findings) {
    std::vector<std::string> sentences;
    for (auto const& change : findings.mends) {
        auto const [proof, evidence] = proven_by(change, findings);
        // TLS 1.2 and no ALPN may as well only go round what is wrong.
        if (!proof || change.name == "tls12" || change.name == "no-alpn")
            verdict.confidence = Confidence::medium;
        if (!proof) continue;
        if (std::ranges::count(verdict.causes, proof->cause) == 0) verdict.causes.emplace_back(proof->cause);
        sentences.push_back(
            record::worded(filled(std::string(proof->sentence), blanks_of(findings)), evidence));
    }
    if (verdict.causes.empty()) verdict.causes = probable_names(findings);
    verdict.sentence = "it works " + words_of(findings.mends) + ", and with nothing less";
    if (!sentences.empty()) verdict.sentence += ": " + text::joined(sentences, "; and ");
}

Verdict mended(Findings const& findings) {
    Verdict verdict{.kind = Kind::fails};
    verdict.confidence = confirmed(findings) ? Confidence::high : Confidence::medium;
    if (findings.mends.size() == 1)
        tell_why_one_change_mends(verdict, findings);
    else
        tell_why_changes_mend_together(verdict, findings);
    if (auto const* const remains = findings.mended.front().failure()) {
        verdict.kind = Kind::unmendable;
        verdict.sentence += ". Then only the certificate is objected to: " + short_text(*remains);
        add_server_mends(verdict);
        return verdict;
    }
    bool const weak = std::ranges::any_of(findings.mends, &Change::weak);
    add_policy(verdict, findings, weak);
    for (auto const& change : findings.mends)
        add_settings_for(change.name, change.weak, verdict, findings);
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

void judge_as_probable(Verdict& verdict, Findings const& findings) {
    constexpr std::string_view likely = "Likely: ";
    auto const& failure = *findings.failed()->failure();
    auto cause = probable(findings);
    verdict.causes = cause.names;
    verdict.confidence = says_so_itself(failure, cause.names) ? Confidence::high : Confidence::low;
    if (cause.verdict.empty())
        verdict.sentence = "it fails, and nothing that was tried changes that";
    else {
        cause.verdict.pop_back();
        verdict.sentence =
            verdict.confidence == Confidence::high ? "" : "nothing that was tried changes it; likely: ";
        verdict.sentence += cause.verdict.substr(likely.size());
    }
    verdict.sentence += " (" + short_text(failure) + ")";
    for (auto& remedy : cause.remedies)
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

/// Where none was given to try with.
void add_ways_to_a_certificate(Verdict& verdict, Findings const& findings) {
    verdict.remedies.push_back({"to try", "`alert40 diagnose " + findings.target.text() +
                                              " --cert client.pem --key client.key`: is one accepted?"});
    add_settings_for("client-certificate", false, verdict, findings);
}

/// What an app says itself may well be let in.
void add_ways_to_an_apps_hello(Verdict& verdict, std::string const& host) {
    verdict.remedies.push_back(
        {"now", "let the app's own ClientHello pass untouched: `alert40 run --watch " + host + "`"});
    verdict.remedies.push_back(
        {"now", "where its requests have to be seen, say what it says: `alert40 run --host " + host +
                    " --profile mirror --intercept " + host + "`"});
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
        judge_as_probable(verdict, findings);
    if (std::ranges::count(verdict.causes, "client-certificate-required") != 0)
        add_ways_to_a_certificate(verdict, findings);
    if (std::ranges::count(verdict.causes, "fingerprint-blocked") != 0)
        add_ways_to_an_apps_hello(verdict, findings.target.host);
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
