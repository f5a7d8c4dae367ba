#pragma once

#include "tls/engine/openssl_handles.hpp"
#include "tls/profile.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::tls::engine {

/// The suites of TLS 1.3 (RFC 8446 appendix B.4) that OpenSSL can offer.
inline constexpr std::array<std::string_view, 5> tls13_cipher_suites = {
    "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256",
    "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256",
};

/// What a ClientHello of this profile offers, and the security level, set in `context`. Everything is set
/// explicitly: nothing of what the system's openssl.cnf put into the context remains. The error is "key:
/// reason".
std::optional<std::string> apply_offer(SSL_CTX* context, Profile const& profile);

/// A context without settings, in the ordinary library context where `library` is null; null when that fails.
SslContextPtr make_bare_context(OSSL_LIB_CTX* library = nullptr);

/// ProtocolNameList without its length (RFC 7301 section 3.1); nothing for a name that is empty or too long.
std::optional<std::vector<std::uint8_t>> alpn_wire_form(std::vector<std::string> const& protocols);

// Whether this build knows one name; `scratch` is changed.
bool knows_group(SSL_CTX* scratch, std::string const& name);
bool knows_signature_algorithm(SSL_CTX* scratch, std::string const& name);
/// One element of a cipher string up to 1.2: it selects something.
bool selects_ciphers(SSL_CTX* scratch, std::string const& element);

} // namespace alert40::tls::engine
