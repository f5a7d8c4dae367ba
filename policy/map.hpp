#pragma once

#include "policy/origin.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace alert40::policy {

/// One [[map]]: a listener that stands for one origin, or for whatever a ClientHello names.
struct Map {
    Endpoint listen;
    Origin to;        ///< with `sni`: host empty, the port is the one to connect to (443)
    bool tls = false; ///< apps speak TLS here; with an origin it is terminated (a leaf for the origin's name)
    bool sni = false; ///< to = "https:sni" or "sni": watched or intercepted, by rule, as a CONNECT would be

    bool operator==(Map const&) const = default;
    /// What it stands for: "https://api.example.com", "https:sni", "https:sni:8443".
    std::string target() const;
};

/// Reads `to`: an origin as parse_origin() takes it, or "https:sni[:PORT]" or "sni[:PORT]", which need TLS
/// and set `tls`. Only `listen` is left to the caller. Nothing for any other text.
std::optional<Map> parse_map_target(std::string_view text);

} // namespace alert40::policy
