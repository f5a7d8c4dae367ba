#pragma once

#include "tls/ca/host_name.hpp"
#include "tls/engine/openssl_handles.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// X.509 certificates (RFC 5280), made. Byte strings are std::string, DER.
namespace alert40::tls::ca {

/// What goes into a certificate; all DER but the times.
struct CertificateFields {
    std::string issuer; ///< Name
    std::string subject;
    std::time_t not_before = 0;
    std::time_t not_after = 0;
    std::string public_key; ///< SubjectPublicKeyInfo
    std::string extensions; ///< one behind the other
};

enum class KeyKind : std::uint8_t { ec_p256, rsa_2048, rsa_1024 };
enum class Digest : std::uint8_t { sha256, sha1 };

/// A new key; null only when the library fails.
engine::KeyPtr make_key(OSSL_LIB_CTX* library, KeyKind kind = KeyKind::ec_p256);
/// SubjectPublicKeyInfo (RFC 5480, RFC 3279) of a key made by `make_key`.
std::string public_key_of(EVP_PKEY const* key);
/// A keyIdentifier (RFC 7093 section 2: SHA-256 of the bits, the first 160).
std::string key_identifier(std::string_view public_key);

/// CN alone; empty text gives an empty name.
std::string name_with_common_name(std::string_view text);

std::string subject_key_identifier(std::string_view id);
std::string authority_key_identifier(std::string_view id);
/// Critical where the subject is empty.
std::string subject_alternative_name(std::string_view general_name, bool critical);
/// digitalSignature, with RSA keyEncipherment too; serverAuth
std::string leaf_usages(EVP_PKEY const* key);
/// A CA without CAs below it; keyCertSign; serverAuth
std::string authority_usages();
/// Critical. Both are GeneralNames; empty ones are left out.
std::string name_constraints(std::vector<std::string> const& permitted,
                             std::vector<std::string> const& excluded);

/// The subject, and a subjectAltName behind the other extensions.
void name_leaf(CertificateFields& fields, HostName const& host);

/// Why this key cannot sign certificates; nothing: it can.
std::optional<std::string> cannot_sign(EVP_PKEY const* key);
/// Signs it and gives it a serial number at random; null only when the library fails.
engine::CertificatePtr sign(CertificateFields const& fields, EVP_PKEY* key, Digest digest = Digest::sha256);

} // namespace alert40::tls::ca
