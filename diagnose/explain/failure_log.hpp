#pragma once

#include "diagnose/explain/scanner.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::explain {

/// One distinct failure of a text: the same subject, in the same library's words, seen from the same side.
struct SeenFailure {
    Sighting sighting;      ///< the first one
    std::string text;       ///< the line that says it, printable and bounded
    std::uint64_t line = 1; ///< its number
    std::uint64_t count = 1;
    std::vector<std::string> hosts = {}; ///< the first few
    bool more_hosts = false;
};

/// Reads a text line by line, however long it is, and keeps each distinct failure once. The lines of one
/// message (a stack trace, an exception with its causes, the properties of a Node.js error) are one failure:
/// the words that say most are what counts.
///
///     System.Net.Http.HttpRequestException: The SSL connection could not be established   something failed
///      ---> AuthenticationException: Authentication failed, see inner exception.          more of the same
///      message
///      ---> Win32Exception (0x80090326)                                                   this is what
///      failed
class FailureLog {
  public:
    /// The scanner has to live as long.
    explicit FailureLog(Scanner const& scanner)
        : scanner_{scanner} {}

    /// `whole`: the line is all of the text, and may be nothing but a code.
    void add(std::string_view line, bool whole = false);
    /// The text has ended: nothing is added any more.
    void finish();

    /// In the order in which they were first seen; complete after `finish`.
    std::span<SeenFailure const> failures() const { return failures_; }

    std::uint64_t lines() const { return lines_; }

  private:
    struct Open {
        Sighting sighting;
        std::string text;
        std::uint64_t first = 0, last = 0; ///< line numbers
        std::size_t indent = 0;            ///< of the first one
    };

    bool continues(Sighting const& sighting, bool goes_on) const;
    void open(std::string_view line, Sighting sighting);
    void extend(std::string_view line, Sighting sighting);
    void close();

    Scanner const& scanner_;
    std::vector<SeenFailure> failures_;
    std::optional<Open> open_;
    std::optional<Open> aside_;         ///< the last line that only says something of what stands around it
    std::uint64_t traceback_until_ = 0; ///< up to this line the next failure is still the one that is open
    std::uint64_t lines_ = 0;
};

} // namespace alert40::explain
