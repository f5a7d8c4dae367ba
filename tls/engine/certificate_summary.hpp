#pragma once

#include "tls/engine/openssl_handles.hpp"
#include "tls/handshake.hpp"

#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace alert40::tls::engine {

/// At most this many certificates of a chain, and names of a certificate, are described.
inline constexpr int max_described_certificates = 10;
inline constexpr int max_described_names = 100;

CertificateSummary summarize(X509 const* certificate);
/// Leaf first, as sent.
std::vector<CertificateSummary> summarize(STACK_OF(X509) const* chain);

/// "CN=api.example.com, O=Example" (RFC 2253, printable).
std::string text_of(X509_NAME const* name);
/// subjectAltName: DNS names and addresses.
std::vector<std::string> names_in(X509 const* certificate);
/// Seconds since 1970; nothing for a time that is not well formed.
std::optional<std::time_t> seconds_of(ASN1_TIME const* time);

} // namespace alert40::tls::engine
