#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace alert40::app {

/// What `alert40 run` was told, as it was typed. flag_policy.hpp lays it over the policy file.
struct RunFlags {
    std::string config;                   ///< empty: the user's own policy file, or the built-in policy
    std::vector<std::string> listen;      ///< "ADDR:PORT", "PORT", or "none"
    std::vector<std::string> map;         ///< "[ADDR:]PORT=URL", "[ADDR:]PORT=https:sni"
    std::vector<std::string> tls_map;     ///< the same for listeners that speak TLS
    std::vector<std::string> credentials; ///< "USER:PASSWORD"
    std::vector<std::string> host;        ///< which hosts the flags below are for; empty: every one
    std::string profile;
    std::string ladder;
    std::vector<std::string> block, watch, intercept; ///< hosts of this mode
    std::string via;
    std::string resolver;
    std::vector<std::string> connect_to; ///< "HOST1:PORT1:HOST2:PORT2"
    std::vector<std::string> resolve;    ///< "HOST:PORT:ADDR"
    std::string tls_max;                 ///< "1.0" .. "1.3"
    std::string tls_min;                 ///< from --tlsv1.2 and the like
    std::string ciphers;
    std::string cacert;
    bool diagnose = false;
    std::string record;
    std::optional<unsigned> threads;
    std::string log_level = "info";
    bool quiet = false;

    bool operator==(RunFlags const&) const = default;
};

/// Declares the flags on `parser`; `flags` lives until after the parse.
void declare_run_flags(CLI::App& parser, RunFlags& flags);

} // namespace alert40::app
