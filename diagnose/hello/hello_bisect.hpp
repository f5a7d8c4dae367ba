#pragma once

#include "diagnose/hello/comparison.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace alert40::diagnose {

/// How a server took a hello.
struct Outcome {
    bool works = false; ///< it answered with a hello of its own, and went on as one does
    std::string how;    ///< of a failure: "alert 40"; equal words, equal failures

    bool operator==(Outcome const&) const = default;
};

/// How often one hello was answered how.
struct Tally {
    std::size_t worked = 0;
    std::map<std::string, std::size_t> failed; ///< by `Outcome::how`

    std::size_t asked() const;

    bool unanimous() const { return (worked > 0 ? 1 : 0) + failed.size() < 2; }

    bool operator==(Tally const&) const = default;
};

/// A hello that may work where the failing one does not.
struct Candidate {
    std::string name; ///< "openssl", "plain, TLS 1.2 only"
    Hello hello;
};

struct BisectResult {
    enum class Verdict : std::uint8_t {
        reduced,       ///< `causes` and `cure` say it
        works,         ///< the hello that was said to fail does not
        nothing_works, ///< no other hello does
        intermittent,  ///< the same hello is answered now this way, now that one: `tally`
        unfinished,    ///< all questions that may be asked were asked: what is there holds, the rest is not
                       ///< known
    };

    Verdict verdict = Verdict::unfinished;
    std::string failure;   ///< `Outcome::how` of the failing hello
    std::string candidate; ///< the name of the hello that works, and that the failing one is compared with
    std::vector<Difference> differences; ///< of the two
    /// Each is enough to make the working hello fail in the same way, and nothing in it can be left out. More
    /// than one: they are independent of each other.
    std::vector<std::vector<Difference>> causes;
    /// What has to be undone in the failing hello to make it work, and nothing less. Empty: not found.
    std::vector<Difference> cure;
    /// Two hellos that differ in one thing: one works and the other fails. And the failing one with its cure.
    std::optional<Hello> works, fails, mended;
    std::optional<Difference> between; ///< those two
    /// The fewest bytes on the wire with which the working hello fails, where its size is the cause.
    std::optional<std::size_t> fails_from_bytes;
    Tally tally;           ///< of the failing hello; if intermittent, of the one that was
    std::size_t asked = 0; ///< in all
};

/// Finds out what in a hello a server fails on, by asking about other hellos: which, and what follows, is
/// decided here; asking is for others.
///
///     while (auto const* const hello = bisect.next()) bisect.answer(how_it_was_taken(*hello));
///
/// Everything is asked once, and what the result rests on as often as `confirmations` says.
class HelloBisect {
  public:
    struct Settings {
        std::size_t most_asked = 100;
        std::size_t confirmations = 3;
        std::size_t for_rate =
            10; ///< how often a hello that is taken now this way, now that one is asked about
        std::size_t most_causes = 4;
    };

    enum class Stage : std::uint8_t { failing, candidates, causes, cure, confirming, over };

    /// The candidates are tried in this order, up to the first that works.
    HelloBisect(Hello failing, std::vector<Candidate> candidates, Settings settings);

    /// What to ask next; null: it is over. Valid until `answer`.
    Hello const* next() const { return next_ ? &*next_ : nullptr; }

    void answer(Outcome const& outcome);

    Stage stage() const { return stage_; }

    /// Complete when it is over; before, as far as it has come.
    BisectResult const& result() const { return result_; }

  private:
    using Known = std::optional<bool>;
    using Verdict = BisectResult::Verdict;

    void go_on();
    bool run();
    Known look_at_failing();
    Known find_candidate();
    Known find_causes();
    Known fails_by_size();
    Known find_size_cause();
    Known find_cure();
    std::optional<std::optional<Subset>> cure_of(Subset const& causes);
    Known confirm();
    Known confirm_size();

    Known fails(Hello const& hello, std::size_t times = 1);
    Known works(Hello const& hello, std::size_t times = 1);
    std::optional<Outcome> known(Hello const& hello, std::size_t times);
    Hello const& with(Subset const& applied);
    Hello const& without(Subset const& undone);
    std::vector<Difference> named(Subset const& numbers) const;
    void end(Verdict verdict);

    Settings settings_;
    Hello failing_;
    std::vector<Candidate> candidates_;
    std::optional<Comparison> comparison_;
    std::vector<Subset> causes_;
    std::map<Subset, Hello> made_;    ///< of the comparison, so that going the way again costs little
    std::map<Buffer, Tally> tallies_; ///< by the bytes of the hello
    std::optional<Hello> next_;
    BisectResult result_;
    Stage stage_ = Stage::failing;
};

} // namespace alert40::diagnose
