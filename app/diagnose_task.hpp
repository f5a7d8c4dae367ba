#pragma once

#include "diagnose/trial/prober.hpp"
#include "policy/origin.hpp"
#include "policy/rule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alert40::app {

/// `alert40 diagnose`, as it was typed.
struct DiagnoseFlags {
    std::string target, address, cacert, cert, key, write_policy, server_name, hello, works, id;
    std::vector<std::string> resolvers, vias;
    std::optional<unsigned> max_handshakes;
    unsigned timeout = 5;          ///< seconds
    std::optional<unsigned> watch; ///< seconds
    bool compare = false, inventory = false, json = false, quiet = false;
};

/// What is tried, and how, as the flags say. A value.
struct DiagnoseTask {
    /// Throws UsageError, in one line that names the flag.
    explicit DiagnoseTask(DiagnoseFlags const& flags);

    policy::Origin origin;
    std::string path;      ///< with its query
    diagnose::Trial trial; ///< as an app would, by the first resolver and the first way
    std::vector<policy::Resolver> resolvers;
    std::vector<policy::Via> vias;
    std::optional<tls::ClientCertificate> client_certificate;
    diagnose::Prober::Limits limits;
};

} // namespace alert40::app
