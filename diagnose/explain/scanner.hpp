#pragma once

#include "diagnose/explain/phrase_finder.hpp"
#include "diagnose/explain/sighting.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace alert40::explain {

/// Recognises a failure in one line, in the words of any family. Making one costs a few milliseconds;
/// afterwards it does not change.
class Scanner {
  public:
    Scanner();

    /// The line may be of any bytes. A sighting of weight `aside` has no subject that could be relied on: it
    /// says something of what stands around it.
    std::optional<Sighting> scan(std::string_view line) const;

    /// The same of a whole text that may be nothing but a code: "0A000410", "-9824", "40".
    std::optional<Sighting> scan_alone(std::string_view text) const;

  private:
    struct Known {
        Sign const* sign;
        Family family;
    };

    struct Match;
    static void drop_beginnings(std::vector<Match>& matches);

    static std::vector<Known> all_signs();
    std::optional<Match> match(Known const& known, std::string_view line, std::size_t end) const;

    std::vector<Known> signs_;
    PhraseFinder finder_;
};

} // namespace alert40::explain
