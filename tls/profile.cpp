#include "tls/profile.hpp"

#include <algorithm>
#include <array>

namespace alert40::tls {
namespace {

/// What browsers offer too: TLS 1.2 and 1.3, forward secrecy, an AEAD, h2 first.
Profile modern() {
    Profile profile;
    profile.name = "modern";
    profile.ciphers = strong_ciphers;
    return profile;
}

Profile modern_as(std::string name) {
    auto profile = modern();
    profile.name = std::move(name);
    return profile;
}

Profile http1() {
    auto profile = modern_as("http1");
    profile.alpn = {"http/1.1"};
    return profile;
}

Profile no_alpn() {
    auto profile = modern_as("no-alpn");
    profile.alpn = {};
    return profile;
}

/// Fits into one packet with room to spare, whatever the length of the name. SHA-384 stays among the
/// signature algorithms because the issuers of many P-256 leaves sign with P-384.
Profile small_hello() {
    auto profile = modern_as("small-hello");
    profile.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                      "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
    profile.cipher_suites = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
    profile.groups = {"x25519", "secp256r1"};
    profile.signature_algorithms = {"ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256",
                                    "ecdsa_secp384r1_sha384", "rsa_pss_rsae_sha384", "rsa_pkcs1_sha384"};
    profile.resumption = false;
    profile.tickets = false;
    return profile;
}

Profile tls12() {
    auto profile = modern_as("tls12");
    profile.max_version = ProtocolVersion::tls1_2;
    return profile;
}

Profile no_sni() {
    auto profile = modern_as("no-sni");
    profile.server_name.mode = ServerName::Mode::none;
    return profile;
}

/// Weak, for a host that a user's rule names: whatever the library still can. Anonymous suites stay out, so
/// that the certificate is verified all the same; h2 stays out because RFC 9113 section 9.2.2 forbids it
/// these suites.
Profile legacy() {
    Profile profile;
    profile.name = "legacy";
    profile.min_version = ProtocolVersion::tls1_0;
    profile.alpn = {"http/1.1"};
    profile.ciphers = "ALL:!aNULL:!eNULL:!PSK:!SRP";
    profile.security_level = 0;
    profile.legacy_renegotiation = true;
    return profile;
}

std::array<Profile, 8> const& table() {
    static std::array const profiles{modern(), http1(),  no_alpn(), small_hello(),
                                     tls12(),  no_sni(), legacy(),  modern_as("mirror")};
    return profiles;
}

} // namespace

std::span<Profile const> built_in_profiles() {
    return table();
}

Profile const* built_in_profile(std::string_view name) {
    auto const found = std::ranges::find(table(), name, &Profile::name);
    return found == table().end() ? nullptr : &*found;
}

} // namespace alert40::tls
