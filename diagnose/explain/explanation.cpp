#include "diagnose/explain/explanation.hpp"

#include "record/trust_words.hpp"
#include "record/worded.hpp"

#include <array>
#include <cctype>

namespace alert40::explain {

namespace {

Side opposite(Side side) {
    if (side == Side::unknown) return side;
    return side == Side::client ? Side::server : Side::client;
}

/// How the two sides are called: `here` wrote the message, and `peer` is the other one; of an alert that was
/// sent, it is the other way round, so that {peer} is always who speaks.
struct Names {
    std::string_view here, peer;
};

Names names_of(Side side, bool sent) {
    constexpr std::array<Names, 3> names{
        {{"this side", "the other side"}, {"this client", "the server"}, {"this server", "the client"}}};
    auto const& both = names.at(static_cast<std::size_t>(side));
    return sent ? Names{both.peer, both.here} : both;
}

class Words {
  public:
    Words(SeenFailure const& failure, Side side)
        : names_{names_of(side, failure.sighting.direction == tls::Direction::sent)} {
        evidence_.host = failure.hosts.empty() ? "" : failure.hosts.front();
        auto const& [library, program] = std::pair{failure.sighting.library, failure.sighting.program};
        trust_ = record::ways_to_trust_issuer(name_of(program == Family::none ? library : program));
    }

    std::string operator()(std::string_view sentence) const {
        std::string text{sentence};
        replace(text, "{here}", names_.here);
        replace(text, "{peer}", names_.peer);
        replace(text, "{trust}", trust_);
        text = record::worded(text, evidence_);
        if (!sentence.empty() && sentence.front() == '{')
            text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
        return text;
    }

  private:
    static void replace(std::string& text, std::string_view blank, std::string_view with) {
        for (auto at = text.find(blank); at != std::string::npos; at = text.find(blank, at + with.size()))
            text.replace(at, blank.size(), with);
    }

    Names names_;
    std::string trust_;
    record::Evidence evidence_;
};

std::string who(Meaning const& meaning, Sighting const& sighting, Words const& words) {
    if (sighting.subject.is_alert()) {
        if (!sighting.direction)
            return "the text does not say in which direction it went; it is read here as one that was "
                   "received";
        return words(*sighting.direction == tls::Direction::received
                         ? "{peer} sent it; {here} received it, and refused nothing"
                         : "{peer} sent it: the refusal is its own, and {here} refused nothing");
    }
    switch (meaning.teller) {
    case Teller::peer:
        return words(sighting.subject.is_http2() ? "as a rule {peer}, by a frame (GOAWAY or RST_STREAM)"
                                                 : "{peer} said so");
    case Teller::here: return words("{here} found it by itself; {peer} did not refuse");
    case Teller::nobody: return "nobody said why: the other side, or something on the way";
    case Teller::unknown: break;
    }
    return "the words do not say";
}

std::string_view when(std::optional<tls::Phase> phase) {
    // In the order of the enumeration.
    constexpr std::array<std::string_view, 9> stages{"before a connection: the name was looked up",
                                                     "before TLS: TCP was connecting",
                                                     "before TLS: the proxy was asked for a tunnel",
                                                     "in answer to the ClientHello, or instead of one",
                                                     "after the ServerHello",
                                                     "when the server's certificate was looked at",
                                                     "when a client certificate was wanted",
                                                     "at the end of the handshake",
                                                     "after the handshake"};
    static_assert(stages.size() == static_cast<std::size_t>(tls::Phase::after) + 1);
    return phase ? stages.at(static_cast<std::size_t>(*phase)) : std::string_view{};
}

/// It failed on this machine alone: asking a host tells nothing.
bool is_local(Subject subject) {
    for (auto const trouble :
         {Trouble::authorities_unreadable, Trouble::own_certificate_unusable, Trouble::no_version_enabled,
          Trouble::no_suite_enabled, Trouble::no_tls_failure})
        if (subject == Subject{trouble}) return true;
    return false;
}

std::vector<Step> steps(Meaning const& meaning, Subject subject, Side side, Words const& words) {
    std::vector<Step> next;
    bool const local = is_local(subject);
    if (!local)
        next.push_back({words("alert40 diagnose {host}"),
                        side == Side::server ? "what this server speaks, seen from outside"
                                             : "which of these it is, by changing one thing at a time"});
    if (!meaning.command.empty()) next.push_back({words(meaning.command), std::string{meaning.shows}});
    if (!local && side != Side::server)
        next.push_back(
            {"alert40 exec -- COMMAND",
             "of the command that fails: who refused whom, after which message, with which alert"});
    return next;
}

ExplainedReading reading(Meaning const& meaning, SeenFailure const& failure, Side side) {
    Words const words{failure, side};
    auto const& sighting = failure.sighting;
    ExplainedReading out{.gist = words(meaning.gist),
                         .who = who(meaning, sighting, words),
                         .when = std::string{when(sighting.phase)},
                         .means = words(meaning.means),
                         .not_this = words(meaning.not_this),
                         .next = steps(meaning, sighting.subject, side, words)};
    for (auto const name : meaning.causes) {
        if (name.empty()) break;
        auto const cause = likely_cause(name);
        out.causes.push_back(
            {std::string{name}, words(cause.likely), words(cause.client), words(cause.server)});
    }
    return out;
}

} // namespace

Explanation explain(SeenFailure const& failure) {
    auto const& sighting = failure.sighting;
    bool const sent = sighting.direction == tls::Direction::sent;
    auto const receiver = sent ? opposite(sighting.side) : sighting.side;
    auto const meanings = meanings_of(sighting.subject, receiver);

    Explanation out;
    out.name = meanings.front().name;
    out.may_be = meanings.front().may_be;
    out.speaker = name_of(sighting.library);
    if (sighting.program != Family::none)
        out.speaker.append(out.speaker.empty() ? "" : " in ").append(name_of(sighting.program));
    for (auto const& meaning : meanings) {
        auto const written = meanings.size() == 1 ? sighting.side
                             : sent               ? opposite(meaning.side)
                                                  : meaning.side;
        out.readings.push_back(reading(meaning, failure, written));
        if (meanings.size() > 1) out.readings.back().side = written;
    }
    return out;
}

} // namespace alert40::explain
