#pragma once

#include "tls/profile.hpp"
#include "tls/server_limits.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alert40::policy {

/// A key of a profile that this build's TLS library cannot do, or a name that it does not know.
struct Incapable {
    std::string key;       ///< "groups", "ciphers", ...
    std::size_t index = 0; ///< which element of a list
    std::string reason;    ///< one line

    bool operator==(Incapable const&) const = default;
};

/// The question that policy/ asks of the TLS library without knowing it.
class Capabilities {
  public:
    virtual ~Capabilities() = default;
    /// Everything in `profile` that cannot be done; empty: all of it can.
    virtual std::vector<Incapable> incapable(tls::Profile const& profile) const = 0;
    /// Why this profile is below the floor (BCP 195: TLS 1.2 with forward secrecy and an AEAD, security level
    /// 2, RFC 5746, verification on), a phrase each: "TLS 1.0", "CBC suites", "verification off". Empty: not
    /// weak.
    virtual std::vector<std::string> weaknesses(tls::Profile const& profile) const = 0;
    /// Why a server cannot be limited so, in one line; nothing: it can.
    virtual std::optional<std::string> refusal(tls::ServerLimits const& limits) const = 0;
    /// Names that the library knows, for the nearest-name suggestion: key is "groups", "cipher_suites",
    /// "signature_algorithms".
    virtual std::vector<std::string> known_names(std::string_view key) const = 0;
};

} // namespace alert40::policy
