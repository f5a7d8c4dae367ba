#pragma once

#include "tls/version.hpp"
#include "tls/wire/malformed.hpp"

#include <vector>

namespace alert40::tls::wire {

/// The certificates of a Certificate message, DER, leaf first, as sent. The results borrow from `body`.
/// RFC 5246 section 7.4.2; also SSL 3.0 to TLS 1.1.
Result<std::vector<Bytes>> parse_certificate_tls12(Bytes body);
/// RFC 8446 section 4.4.2; the context and the extensions of each entry are passed over.
Result<std::vector<Bytes>> parse_certificate_tls13(Bytes body);

/// The leaf came with an OCSP answer (RFC 8446 section 4.4.2.1): `body` as above.
bool staples_ocsp_tls13(Bytes body);

/// The one or the other.
Result<std::vector<Bytes>> parse_certificate(Bytes body, ProtocolVersion version);

} // namespace alert40::tls::wire
