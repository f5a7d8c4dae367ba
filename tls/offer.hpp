#pragma once

#include "tls/profile.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace alert40::tls {

/// What a ClientHello offers instead of what its profile says, key by key; what is absent stays the
/// profile's.
struct Offer {
    std::optional<std::pair<ProtocolVersion, ProtocolVersion>> versions{}; ///< lowest, highest
    std::optional<std::string> ciphers{};
    std::optional<std::vector<std::string>> cipher_suites{};
    std::optional<std::vector<std::string>> groups{};
    std::optional<std::vector<std::string>> signature_algorithms{};
    std::optional<std::vector<std::string>> alpn{};

    bool operator==(Offer const&) const = default;
};

/// The profile with this offer. A version below 1.2 brings suites for it, where none are named. Where that
/// names what a security level may forbid, the level is 0; the certificate is checked as before.
Profile with_offer(Profile profile, Offer const& offer);

} // namespace alert40::tls
