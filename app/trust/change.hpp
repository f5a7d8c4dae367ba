#pragma once

#include "app/shell/command.hpp"
#include "app/trust/store.hpp"

#include <vector>

namespace alert40::app::trust {

/// What is to happen to one store: the commands, in order.
struct Change {
    Store store;
    std::vector<shell::Command> commands;

    bool operator==(Change const&) const = default;

    bool needs_root() const { return store.is_system(); }

    /// "Firefox (FOLDER):" and a command a line; with `sudo` in front of each where that is asked for.
    std::string text(bool with_sudo = false) const;
};

Change change_to_trust(Store const& store, Anchor const& anchor);
/// Takes out what `change_to_trust` put in. A database that was made for it stays: others may use it by now.
Change change_to_untrust(Store const& store, Anchor const& anchor);

/// Runs the commands until one fails. The error is one line that names the command and what it said; for
/// certutil the package that brings it.
std::optional<std::string> apply(Change const& change);

} // namespace alert40::app::trust
