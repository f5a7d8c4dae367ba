#pragma once

#include <string>
#include <vector>

namespace alert40::app::shell {

/// A program and its arguments, as they are run: no shell is in between.
struct Command {
    std::vector<std::string> words;

    bool operator==(Command const&) const = default;
    /// As one types it in a POSIX shell.
    std::string text() const;
};

/// How a program ended, and what it said.
struct Outcome {
    int status = 0;     ///< as a shell counts: 128 + the signal that ended it; 127: it could not be started
    std::string output; ///< both streams, at most `most_output` bytes

    static constexpr std::size_t most_output = 1024 * 1024;
    bool operator==(Outcome const&) const = default;

    bool fine() const { return status == 0; }

    /// The last line of the output that is not empty, or the status.
    std::string reason() const;
};

/// Runs it to its end, with nothing on its stdin.
Outcome run(Command const& command);

} // namespace alert40::app::shell
