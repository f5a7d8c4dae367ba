#pragma once

#include "policy/capabilities.hpp"

#include <algorithm>
#include <array>

namespace alert40::tests {

/// A TLS library of a few names, for tests that must not depend on the real one.
class FakeCapabilities : public policy::Capabilities {
  public:
    std::vector<policy::Incapable> incapable(tls::Profile const& profile) const override {
        std::vector<policy::Incapable> out;
        check("groups", profile.groups, out);
        check("cipher_suites", profile.cipher_suites, out);
        check("signature_algorithms", profile.signature_algorithms, out);
        for (char const* gone : {"RC4", "3DES"})
            if (profile.ciphers.find(gone) != std::string::npos)
                out.push_back({"ciphers", 0, std::string(gone) + " is not in this build of OpenSSL"});
        return out;
    }

    std::vector<std::string> weaknesses(tls::Profile const& profile) const override {
        std::vector<std::string> out;
        if (profile.min_version < tls::ProtocolVersion::tls1_2)
            out.push_back("TLS " + std::string(name_of(profile.min_version)));
        if (profile.ciphers.find("CBC") != std::string::npos) out.push_back("CBC suites");
        if (profile.security_level < 2)
            out.push_back("security level " + std::to_string(profile.security_level));
        if (profile.legacy_renegotiation) out.push_back("legacy renegotiation");
        if (profile.verify.mode == tls::Verify::Mode::none) out.push_back("verification off");
        return out;
    }

    std::optional<std::string> refusal(tls::ServerLimits const& limits) const override {
        if (limits.ciphers.find("RC4") == std::string::npos) return std::nullopt;
        return "ciphers: RC4 is not in this build of OpenSSL";
    }

    std::vector<std::string> known_names(std::string_view key) const override {
        if (key == "groups") return {"x25519", "x448", "secp256r1", "secp384r1", "secp521r1", "ffdhe2048"};
        if (key == "cipher_suites")
            return {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"};
        if (key == "signature_algorithms")
            return {"ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "rsa_pss_rsae_sha256",
                    "rsa_pss_rsae_sha384",    "rsa_pkcs1_sha256",       "rsa_pkcs1_sha384"};
        return {};
    }

  private:
    void check(std::string_view key, std::vector<std::string> const& names,
               std::vector<policy::Incapable>& out) const {
        auto const known = known_names(key);
        for (std::size_t i = 0; i < names.size(); ++i)
            if (std::find(known.begin(), known.end(), names[i]) == known.end())
                out.push_back(
                    {std::string(key), i, "this build of OpenSSL does not know \"" + names[i] + "\""});
    }
};

} // namespace alert40::tests
