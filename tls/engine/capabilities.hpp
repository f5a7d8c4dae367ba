#pragma once

#include "tls/profile.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What this build of OpenSSL can do. For start-up and `check`: each question makes contexts of its own.
namespace alert40::tls::engine {

struct Incapability {
    std::string key;       ///< of the profile: "groups", "ciphers", ...
    std::size_t index = 0; ///< which element; of a cipher string, counted between its separators
    std::string reason;    ///< one line

    bool operator==(Incapability const&) const = default;
};

/// Everything in `profile` that this build cannot do; names that it does not know included. Files are not
/// looked at.
std::vector<Incapability> incapabilities(Profile const& profile);

/// Why `profile` is below BCP 195 (RFC 9325), a phrase each: "TLS 1.0", "CBC suites", "verification off".
/// Evaluates the cipher string as OpenSSL does.
std::vector<std::string> weaknesses(Profile const& profile);

/// IANA names that this build knows; `key` is "groups", "cipher_suites" or "signature_algorithms".
std::vector<std::string> known_names(std::string_view key);

/// "TLS_RSA_WITH_AES_128_CBC_SHA" -> "AES128-SHA", as cipher strings want it; empty for a suite that this
/// build does not have, and for those of TLS 1.3, which no cipher string selects.
std::string openssl_cipher_name(std::string const& iana_name);

} // namespace alert40::tls::engine
