#pragma once

#include "tls/handshake.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace alert40::policy {

/// `client_hello = { ... }` of a rule: what the app's hello has to be like. Every key that is set has to
/// hold.
struct HelloMatch {
    std::vector<std::string> alpn{};        ///< offers each of these
    std::vector<std::string> ja3{};         ///< is one of these
    std::vector<std::string> ja4{};         ///< is one of these; "t13d1516h2_*" any with that beginning
    std::vector<std::string> cipher{};      ///< offers each of these; IANA's names
    std::vector<std::string> group{};       ///< offers each of these; IANA's names
    std::vector<std::string> server_name{}; ///< names one of these; "*.x" any below x
    std::optional<bool> no_server_name{};   ///< has no server_name extension, or has one
    std::optional<tls::ProtocolVersion> version_max{}; ///< the highest version offered is this one
    std::optional<std::size_t> bytes_over{};           ///< longer on the wire, record headers included

    bool operator==(HelloMatch const&) const = default;
    bool matches(tls::Offered const& hello) const;
};

} // namespace alert40::policy
