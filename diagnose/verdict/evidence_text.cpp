#include "diagnose/verdict/evidence_text.hpp"

#include "record/failure_text.hpp"
#include "record/printable.hpp"

#include <algorithm>

namespace alert40::diagnose {
namespace {

constexpr std::size_t longest_line = 300; // characters

std::string milliseconds(std::chrono::microseconds time) {
    auto const tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

/// Whether a response streams: in how many pieces its body came, and over which time.
std::string body_words(Observation const& observation) {
    auto const& visited = observation.visited;
    if (!visited || visited->body_pieces == 0) return "";
    if (visited->body_pieces == 1 || !visited->first_body) return "; the body in one piece";
    return "; the body in " + std::to_string(visited->body_pieces) + " pieces over " +
           milliseconds(*visited->last_body - *visited->first_body);
}

std::string measures(Observation const& observation) {
    auto const& offered = observation.report.handshake.offered;
    std::string text = " (";
    if (offered) text += "ClientHello of " + std::to_string(offered->bytes) + " bytes, ";
    return text + milliseconds(observation.report.total) + body_words(observation) + ")";
}

std::string line(std::string const& what, Observation const& observation) {
    return record::printable(what + ": " + short_text(observation) + measures(observation), longest_line);
}

std::string times(std::size_t count) {
    return count == 1 ? "" : ", " + std::to_string(count) + " times";
}

bool same_changes(std::vector<Change> const& a, std::vector<Change> const& b) {
    return std::ranges::equal(a, b, {}, &Change::words, &Change::words);
}

} // namespace

record::HandshakeRecord record_of(Findings const& findings, Observation const& observation) {
    auto const& report = observation.report;
    record::HandshakeRecord record;
    record.time = report.started;
    record.profile = findings.base.profile.name;
    record.attempt = observation.number;
    record.target = {.host = findings.target.host,
                     .port = report.port,
                     .address = report.address,
                     .resolver = report.resolver,
                     .via = report.via};
    record.handshake = report.handshake;
    record.failure = report.failure;
    record.outcome = report.failure ? record::Outcome::failed : record::Outcome::established;
    record.timing = {.resolve = report.resolve,
                     .connect = report.connect,
                     .first_byte = report.first_byte,
                     .total = report.total};
    return record;
}

std::string short_text(tls::Failure const& failure) {
    return record::failure_text(failure);
}

std::string short_text(Observation const& observation) {
    if (auto const* const failure = observation.failure()) return short_text(*failure);
    std::string text = "works";
    if (auto const& negotiated = observation.report.handshake.negotiated) {
        text += " (TLS " + negotiated->version;
        for (auto const* part : {&negotiated->cipher_suite, &negotiated->group, &negotiated->alpn})
            if (!part->empty()) text += ", " + *part;
        text += negotiated->resumed ? ", resumed)" : ")";
    }
    if (observation.visited && observation.visited->status != 0)
        text += ", HTTP " + std::to_string(observation.visited->status);
    return text;
}

std::vector<std::string> evidence_lines(Findings const& findings) {
    std::vector<std::string> lines;
    if (findings.unchanged.empty()) return lines;
    auto const* const failed = findings.failed();
    lines.push_back(line("as an app would" + times(failed ? findings.failures() : findings.unchanged.size()),
                         failed ? *failed : findings.first()));
    if (findings.intermittent()) {
        auto const worked =
            std::ranges::find_if(findings.unchanged, [](auto const& seen) { return seen.works(); });
        lines.push_back(line("the same" + times(findings.unchanged.size() - findings.failures()), *worked));
    }
    for (auto const& one : findings.addresses)
        lines.push_back("at " + one.address + ": " + std::to_string(one.failures) + " of " +
                        std::to_string(one.tries) + " failed");
    if (!findings.mended.empty())
        lines.push_back(
            line(words_of(findings.mends) + times(findings.mended.size()), findings.mended.front()));
    if (!findings.addresses.empty()) return lines;
    std::string alike;
    for (auto const& one : findings.tried) {
        if (same_changes(one.changes, findings.mends)) continue;
        if (failed && one.observation.failure() && fail_alike(*failed->failure(), *one.observation.failure()))
            alike += (alike.empty() ? "" : "; ") + words_of(one.changes);
        else
            lines.push_back(line(words_of(one.changes), one.observation));
    }
    if (!alike.empty()) lines.push_back("no difference: " + alike);
    return lines;
}

} // namespace alert40::diagnose
