#pragma once

#include "app/pointing/variables.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alert40::app::doctor {

/// A host that an app is known to talk to. Hosts change with versions of the app: what is never seen is worth
/// a remark, no more, unless it is known why.
struct KnownHost {
    std::string pattern;          ///< "api.example.com", or "*.example.com" for any depth below it
    bool from_node_http2 = false; ///< dialled by Node's http2.connect, which knows no proxy

    bool operator==(KnownHost const&) const = default;
};

/// One app that the doctor knows.
struct App {
    std::string name;  ///< "cursor"
    std::string title; ///< "Cursor"
    pointing::Client pointed_by = pointing::Client::shell;
    std::vector<std::string> settings; ///< below the home folder; empty: it has none that we read
    std::vector<KnownHost> hosts;
    std::string http1_mode; ///< the setting that turns HTTP/2 off; empty: there is none

    bool operator==(App const&) const = default;
};

using Apps = std::vector<App>;

/// Those of configs/apps.json.
Apps const& built_in_apps();
/// `more` over `apps`: one of the same name takes the place of the other, the rest comes last.
Apps laid_over(Apps apps, Apps more);
App const* app_named(Apps const& apps, std::string_view name); ///< null: none
/// "cursor|vscode|..."
std::string names_of(Apps const& apps);

} // namespace alert40::app::doctor
