#include "diagnose/explain/scanner.hpp"

#include "diagnose/explain/host_in.hpp"
#include "diagnose/explain/limits.hpp"
#include "diagnose/explain/readers.hpp"
#include "diagnose/explain/words/chromium.hpp"
#include "diagnose/explain/words/curl.hpp"
#include "diagnose/explain/words/gnutls.hpp"
#include "diagnose/explain/words/go.hpp"
#include "diagnose/explain/words/java.hpp"
#include "diagnose/explain/words/network.hpp"
#include "diagnose/explain/words/node.hpp"
#include "diagnose/explain/words/nss.hpp"
#include "diagnose/explain/words/openssl.hpp"
#include "diagnose/explain/words/python.hpp"
#include "diagnose/explain/words/rustls.hpp"
#include "diagnose/explain/words/schannel.hpp"
#include "diagnose/explain/words/secure_transport.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace alert40::explain {

namespace {

struct Vocabulary {
    Family family;
    std::span<Sign const> signs;
};

constexpr Vocabulary vocabularies[] = {
    {Family::openssl_or_boringssl, words::openssl},
    {Family::nss, words::nss},
    {Family::gnutls, words::gnutls},
    {Family::schannel, words::schannel},
    {Family::secure_transport, words::secure_transport},
    {Family::go, words::go},
    {Family::java, words::java},
    {Family::rustls, words::rustls},
    {Family::curl, words::curl},
    {Family::python, words::python},
    {Family::node, words::node},
    {Family::dotnet, words::dotnet},
    {Family::chromium, words::chromium},
    {Family::nginx, words::nginx},
    {Family::grpc, words::grpc},
    {Family::connect, words::connect},
    {Family::none, words::network},
};

/// The packed code tells what the words leave open.
void name_family(Sighting& sighting, Family family) {
    auto& place = is_library(family) ? sighting.library : sighting.program;
    bool const better = place == Family::openssl_or_boringssl && family > Family::openssl_or_boringssl &&
                        family <= Family::boringssl;
    if (place == Family::none || better) place = family;
}

} // namespace

namespace {

/// A handshake that is known to have failed tells when the connection ended.
void place_in_handshake(Sighting& sighting) {
    if (!sighting.in_handshake) return;
    if (sighting.subject == Subject{Trouble::closed}) sighting.subject = Trouble::closed_in_handshake;
    if (sighting.subject == Subject{Trouble::timeout}) sighting.subject = Trouble::handshake_timeout;
}

bool tells_of_handshake(Subject subject) {
    return subject == Subject{Trouble::handshake_failed} || subject == Subject{Trouble::closed_in_handshake};
}

} // namespace

void complete(Sighting& one, Sighting const& other) {
    one.in_handshake = one.in_handshake || other.in_handshake;
    place_in_handshake(one);
    if (one.library == Family::none || one.library == Family::openssl_or_boringssl) {
        if (other.library != Family::none) one.library = other.library;
    }
    if (one.program == Family::none) one.program = other.program;
    if (one.side == Side::unknown) one.side = other.side;
    if (!one.phase) one.phase = other.phase;
    if (!one.direction && one.subject == other.subject) one.direction = other.direction;
    if (one.host.empty()) one.host = other.host;
}

struct Scanner::Match {
    Sign const* sign;
    Family family;
    std::optional<Subject> subject;
    Weight weight;
    std::optional<tls::Phase> phase;
    std::size_t begin;
};

std::vector<Scanner::Known> Scanner::all_signs() {
    std::vector<Known> all;
    for (auto const& [family, signs] : vocabularies)
        for (auto const& sign : signs)
            all.push_back({&sign, family});
    return all;
}

Scanner::Scanner()
    : signs_{all_signs()}
    , finder_{[this] {
        std::vector<std::string_view> phrases;
        for (auto const& known : signs_)
            phrases.push_back(known.sign->text);
        return PhraseFinder{phrases};
    }()} {}

std::optional<Scanner::Match> Scanner::match(Known const& known, std::string_view line,
                                             std::size_t end) const {
    auto const& sign = *known.sign;
    auto const begin = end - sign.text.size();
    if (part_of_word(sign.text.front()) && begin > 0 && part_of_word(line[begin - 1])) return std::nullopt;
    if (part_of_word(sign.text.back()) && end < line.size() && part_of_word(line[end])) return std::nullopt;
    Match match{&sign, known.family, {}, sign.weight, sign.phase, begin};
    if (auto const* const subject = std::get_if<Subject>(&sign.says)) match.subject = *subject;
    if (auto const* const what = std::get_if<Read>(&sign.says)) {
        auto const reading = read(*what, line.substr(end));
        if (!reading) return std::nullopt;
        match.subject = reading->subject;
        if (reading->weight) match.weight = *reading->weight;
        if (reading->phase) match.phase = reading->phase;
        if (reading->family != Family::none) match.family = reading->family;
    }
    return match;
}

/// What is only the beginning of a longer sign says nothing by itself: "failed to connect" in "failed to
/// connect to all addresses".
void Scanner::drop_beginnings(std::vector<Match>& matches) {
    auto const size = [](Match const& one) { return one.sign->text.size(); };
    std::ranges::stable_sort(matches, [&](Match const& a, Match const& b) {
        return a.begin != b.begin ? a.begin < b.begin : size(a) > size(b);
    });
    auto const shorter = [&](Match const& a, Match const& b) {
        return a.begin == b.begin && size(a) > size(b);
    };
    matches.erase(std::unique(matches.begin(), matches.end(), shorter), matches.end());
}

std::optional<Sighting> Scanner::scan(std::string_view line) const {
    std::vector<Match> matches;
    finder_.find(line, [&](std::size_t index, std::size_t end) {
        if (matches.size() == limits::signs_in_line) return;
        if (auto const found = match(signs_[index], line, end)) matches.push_back(*found);
    });
    if (matches.empty()) return std::nullopt;
    drop_beginnings(matches);

    auto const& best = *std::ranges::max_element(matches, {}, [](Match const& one) {
        return std::pair{one.weight,
                         one.sign->text.size()}; // the longer of two says more; of equals the first
    });
    Sighting sighting{best.subject.value_or(Trouble::handshake_failed), best.weight};
    sighting.phase = best.phase;
    sighting.at = best.begin;
    sighting.side = best.sign->side;
    if (sighting.subject.is_alert() && best.subject)
        sighting.direction = best.sign->sent ? tls::Direction::sent : tls::Direction::received;
    for (auto const& match : matches) {
        name_family(sighting, match.family);
        // What stands around the failure knows the side best.
        if (match.sign->side != Side::unknown &&
            (sighting.side == Side::unknown || match.weight == Weight::aside))
            sighting.side = match.sign->side;
        if (!sighting.phase) sighting.phase = match.phase;
        sighting.in_handshake =
            sighting.in_handshake || (match.subject && tells_of_handshake(*match.subject));
    }
    place_in_handshake(sighting);
    sighting.host = host_in(line);
    return sighting;
}

std::optional<Sighting> Scanner::scan_alone(std::string_view text) const {
    constexpr std::string_view blank = " \t\r\n";
    auto const begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return std::nullopt;
    text = text.substr(begin, text.find_last_not_of(blank) - begin + 1);
    auto const bare = text.size() <= limits::bare_code ? read_bare(text) : std::nullopt;
    if (!bare) return scan(text);
    Sighting sighting{bare->reading.subject, bare->reading.weight.value_or(Weight::plain)};
    sighting.phase = bare->reading.phase;
    name_family(sighting, bare->family);
    if (sighting.subject.is_alert() && bare->family != Family::none)
        sighting.direction = tls::Direction::received;
    return sighting;
}

} // namespace alert40::explain
