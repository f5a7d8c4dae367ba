#pragma once

#include "app/pointing/variables.hpp"

#include <span>
#include <string_view>

namespace alert40::app::doctor {

/// A host that an app is known to talk to. Hosts change with versions of the app: what is never seen is worth
/// a remark, no more, unless it is known why.
struct KnownHost {
    std::string_view pattern;     ///< "api.example.com", or "*.example.com" for any depth below it
    bool from_node_http2 = false; ///< dialled by Node's http2.connect, which knows no proxy
};

/// One app that the doctor knows: a row of the table in apps.cpp.
struct App {
    std::string_view name;  ///< "cursor"
    std::string_view title; ///< "Cursor"
    pointing::Client client;
    std::span<std::string_view const> settings; ///< below the home folder; empty: it has none that we read
    std::span<KnownHost const> hosts;
    std::string_view http1_mode; ///< the setting that turns HTTP/2 off; empty: there is none
};

std::span<App const> apps();
App const* app_named(std::string_view name); ///< null: none

} // namespace alert40::app::doctor
