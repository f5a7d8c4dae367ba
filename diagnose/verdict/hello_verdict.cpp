#include "diagnose/verdict/hello_verdict.hpp"

#include "diagnose/verdict/evidence_text.hpp"
#include "diagnose/verdict/server_mends.hpp"
#include "record/printable.hpp"
#include "text/joined.hpp"
#include "tls/wire/extension.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

using Result = BisectResult;

constexpr std::size_t worth_reading = 4; // differences

template <class Words>
std::string listed(std::vector<Difference> const& differences, std::string_view between, Words words) {
    std::vector<std::string> parts;
    for (auto const& one : differences)
        if (parts.size() < worth_reading) parts.push_back(words(one));
    auto text = text::joined(parts, between);
    if (differences.size() > worth_reading)
        text += " and " + std::to_string(differences.size() - worth_reading) + " more";
    return text;
}

struct CausePlace {
    Place place;
    std::string_view cause;
};

constexpr auto causes_by_place = std::to_array<CausePlace>({
    {Place::size, "large-hello"},
    {Place::cipher_suites, "no-common-cipher-suite"},
    {Place::supported_groups, "no-common-group"},
    {Place::signature_algorithms, "no-common-signature-algorithm"},
});

bool all_are(std::vector<Difference> const& differences, auto fits) {
    return !differences.empty() && std::ranges::all_of(differences, fits);
}

std::string size_words(Result const& result) {
    return result.fails_from_bytes
               ? "its size: a hello fails from " + std::to_string(*result.fails_from_bytes) +
                     " bytes on, whatever is in it"
               : "its size, whatever is in it";
}

std::string because(Result const& result) {
    std::string text;
    for (auto const& cause : result.causes) {
        text += text.empty() ? "" : "; and, for itself, ";
        text += cause_of(cause) == "large-hello" ? size_words(result) : together(cause);
    }
    return text;
}

Verdict reduced(std::string const& whose, Result const& result) {
    Verdict verdict{.kind = Verdict::Kind::fails, .confidence = Confidence::high};
    for (auto const& cause : result.causes)
        if (auto name = cause_of(cause); std::ranges::count(verdict.causes, name) == 0)
            verdict.causes.push_back(std::move(name));
    verdict.sentence =
        "the server fails on " + whose + " (" + result.failure + ") because of " + because(result);
    if (!result.cure.empty()) verdict.remedies.push_back({"the app", listed(result.cure, ", and ", undoing)});
    add_server_mends(verdict);
    return verdict;
}

Verdict plain(Verdict::Kind kind, Confidence confidence, std::string sentence) {
    Verdict verdict{.kind = kind, .confidence = confidence};
    verdict.sentence = std::move(sentence);
    return verdict;
}

Verdict intermittent(std::string const& whose, Result const& result) {
    auto verdict = plain(
        Verdict::Kind::intermittent, Confidence::high,
        "one and the same hello (" + whose + ") is answered now this way, now that way: it worked " +
            std::to_string(result.tally.worked) + " of " + std::to_string(result.tally.asked()) + " times");
    verdict.causes = {"one-bad-backend"};
    return verdict;
}

Verdict verdict_of(std::string const& whose, BisectReport const& report) {
    using Kind = Verdict::Kind;
    auto const& result = report.result;
    if (report.unreachable)
        return plain(Kind::unknown, Confidence::low,
                     "no connection came about: " + short_text(*report.unreachable));
    switch (result.verdict) {
    case Result::Verdict::reduced: return reduced(whose, result);
    case Result::Verdict::works: return plain(Kind::healthy, Confidence::high, whose + " works there");
    case Result::Verdict::nothing_works:
        return plain(Kind::unmendable, Confidence::medium,
                     "the server fails on " + whose + " (" + result.failure +
                         "), and on every other hello that was tried");
    case Result::Verdict::intermittent: return intermittent(whose, result);
    case Result::Verdict::unfinished: break;
    }
    auto verdict = result.causes.empty()
                       ? plain(Kind::unknown, Confidence::low, "the search ended before anything was certain")
                       : reduced(whose, result);
    verdict.confidence = Confidence::low;
    return verdict;
}

void add_evidence(Verdict& verdict, Result const& result) {
    auto const bytes = [](std::optional<Hello> const& hello) {
        return std::to_string(wire_size(*hello)) + " bytes";
    };
    if (!result.candidate.empty())
        verdict.evidence.push_back("compared with a hello that works: " + result.candidate);
    if (result.works && result.fails && result.between)
        verdict.evidence.push_back("two hellos that differ in one thing, " + words_of(*result.between) +
                                   ": without it (" + bytes(result.works) + ") it works, with it (" +
                                   bytes(result.fails) + ") it fails");
    if (result.mended)
        verdict.evidence.push_back("the failing hello with that undone (" + bytes(result.mended) + ") works");
    verdict.evidence.push_back(std::to_string(result.asked) + " handshakes in all, and " +
                               std::to_string(result.differences.size()) + " differences to begin with");
    for (auto& line : verdict.evidence)
        line = record::printable(line);
}

} // namespace

std::string together(std::vector<Difference> const& differences) {
    return listed(differences, " together with ", [](Difference const& one) { return words_of(one); });
}

std::string cause_of(std::vector<Difference> const& differences) {
    for (auto const& [place, cause] : causes_by_place)
        if (all_are(differences, [place = place](Difference const& one) { return one.place == place; }))
            return std::string(cause);
    if (all_are(differences,
                [](Difference const& one) { return one.place == Place::alpn && one.name == "h2"; }))
        return "h2-refused";
    constexpr auto alpn =
        static_cast<std::uint16_t>(tls::wire::ExtensionType::application_layer_protocol_negotiation);
    if (all_are(differences, [](Difference const& one) {
            return one.place == Place::extensions && one.code == alpn &&
                   one.kind != Difference::Kind::removed;
        }))
        return "alpn-refused";
    if (all_are(differences, [](Difference const& one) {
            return (one.place == Place::extensions || one.place == Place::alpn) &&
                   one.kind == Difference::Kind::removed;
        }))
        return "extension-missing";
    if (all_are(differences, [](Difference const& one) {
            return one.place == Place::extensions && one.kind == Difference::Kind::added;
        }))
        return "extension-refused";
    constexpr std::uint16_t tls13 = 0x0304;
    if (all_are(differences, [](Difference const& one) {
            return one.place == Place::supported_versions && one.code == tls13;
        }))
        return "version-intolerant";
    if (all_are(differences, [](Difference const& one) {
            return (one.place == Place::supported_versions || one.place == Place::legacy_version) &&
                   one.kind == Difference::Kind::removed;
        }))
        return "no-common-version";
    return "hello-refused";
}

Verdict judge_hello(std::string_view client, BisectReport const& report) {
    auto verdict = verdict_of("the ClientHello of " + std::string(client), report);
    verdict.sentence = record::printable(verdict.sentence);
    add_evidence(verdict, report.result);
    return verdict;
}

} // namespace alert40::diagnose
