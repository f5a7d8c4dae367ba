#pragma once

#include "tls/profile.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace alert40::tls::engine {

/// What an app offered, as a profile for upstream.
struct Mirrored {
    Profile profile; ///< named "mirror"; verification and the like from `base`
    std::vector<std::string>
        missing; ///< what OpenSSL here cannot offer, one line a kind: "versions 1.1, 1.0",
                 ///< "group x25519mlkem768", "suite ...", "key share ...", "extensions
                 ///< ...", "the order of extensions"; for the record's notes
};

/// `hello`: the body of a ClientHello (without the handshake header), as the app sent it. Offers its
/// versions, suites, groups, signature algorithms and ALPN in its order, as far as this OpenSSL has them;
/// GREASE is left out. What the app left out (ALPN, tickets) is left out. A hello that offers nothing that is
/// possible here gives `base`, and says so. The range of versions has no holes, and ends where the security
/// level of `base` does. Makes contexts and a key: keep the result for hellos that are alike.
Mirrored mirror(std::span<std::uint8_t const> hello, Profile const& base);

} // namespace alert40::tls::engine
