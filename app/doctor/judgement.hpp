#pragma once

#include "app/doctor/apps.hpp"
#include "app/doctor/finding.hpp"
#include "app/doctor/settings_file.hpp"
#include "app/pointing/memory.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alert40::app::doctor {

/// What one settings file means for an app that is to come to `proxy`.
Findings judge_settings(App const& app, std::string const& file, EditorSettings const& settings,
                        pointing::ProxyAddress const& proxy);
/// None of its settings files is there, and it should have one.
Finding judge_missing_settings(App const& app);

using pointing::Environment;

/// Whether the variables that `app` reads point here. `needs_trust`: a rule intercepts, so that those for
/// certificates matter.
Findings judge_variables(App const& app, Environment const& environment, pointing::Situation const& situation,
                         bool needs_trust);

/// A host that the proxy had a handshake with.
struct Seen {
    std::string host;
    bool established = false; ///< at least once
    std::string said;         ///< "TLS 1.3 h2", or the last failure
};

/// Which of the app's hosts came, and why others may not have.
Findings judge_hosts(App const& app, std::vector<Seen> const& seen);

} // namespace alert40::app::doctor
