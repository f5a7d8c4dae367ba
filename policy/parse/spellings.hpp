#pragma once

#include <string>
#include <string_view>

namespace alert40::policy::parse {

/// IANA's name of a group for the spellings of OpenSSL, NIST and SECG ("P-256", "prime256v1", "X25519"); the
/// text itself where there is no other.
std::string canonical_group(std::string_view text);
/// IANA's name of a signature scheme for OpenSSL's ("ECDSA+SHA256", "RSA-PSS+SHA256").
std::string canonical_signature_algorithm(std::string_view text);

} // namespace alert40::policy::parse
