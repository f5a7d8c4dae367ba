#pragma once

#include "diagnose/explain/words/speaker.hpp"
#include "diagnose/explain/words/subject.hpp"
#include "record/evidence.hpp"

#include <array>
#include <span>
#include <string_view>

/// What a failure means, told once, whoever's words it came in. The rows are in the files beside this one.
namespace alert40::explain {

/// Who found it.
enum class Teller : std::uint8_t {
    peer,    ///< the other side said so, by an alert or a frame
    here,    ///< the side that wrote the message refused; the other one never did
    nobody,  ///< the connection ended, and no reason was given
    unknown, ///< the words do not tell
};

using Alerts = record::Set<tls::AlertDescription>;

/// In its sentences {peer} and {here} stand for the two sides, {host} for the host where the message names
/// one.
struct Meaning {
    Subject subject;
    std::string_view name; ///< stable, for tools
    Teller teller = Teller::peer;
    std::string_view gist;     ///< what it is: one sentence
    std::string_view means;    ///< what follows from it
    std::string_view not_this; ///< what does not, and is often believed
    /// Names of rows of likely_cause.hpp, the likeliest first; the rest is empty.
    std::array<std::string_view, 7> causes = {};
    std::string_view command = {}; ///< that shows more, beyond what is said of every failure; may be empty
    std::string_view shows = {};   ///< what `command` shows
    Side side = Side::unknown;     ///< only for a message that was written there
    Alerts may_be = {};            ///< which alerts these words can stand for
};

/// Every row that fits a message of that side: one, or two where the side is not known and makes a
/// difference. An alert without a row of its own has the general one.
std::span<Meaning const> meanings_of(Subject subject, Side side);

/// All rows, in the order of their subjects.
std::span<Meaning const> all_meanings();

} // namespace alert40::explain
