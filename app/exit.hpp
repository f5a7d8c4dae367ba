#pragma once

#include <stdexcept>

namespace alert40::app {

/// The exit status of every subcommand.
enum class Exit : int {
    fine = 0,
    failed = 1, ///< what was asked about fails: a policy has an error, no proxy runs, an address is in use
    usage = 2,  ///< the command line itself is wrong
};

/// A wrong command line. Thrown once, printed once, in one line.
class UsageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A command that cannot do what it was asked to. Thrown once, printed once, in one line.
class CommandError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace alert40::app
