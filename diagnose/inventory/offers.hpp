#pragma once

#include <array>
#include <cstdint>
#include <vector>

/// What a server is asked about, and parts of what it took. Numbers are IANA's.
namespace alert40::diagnose::offers {

using Codes = std::vector<std::uint16_t>;

inline constexpr std::array<std::uint16_t, 5> versions = {0x0304, 0x0303, 0x0302, 0x0301, 0x0300};

/// Everything that has a name, weak and without encryption or authentication too, the usual first. Left out
/// is what needs a secret that both sides share (PSK, SRP, Kerberos).
Codes cipher_suites(std::uint16_t version);
/// As many as any server stands.
std::vector<Codes> in_parts(Codes const& suites);

Codes groups(); ///< of TLS 1.3: post-quantum ones too
Codes curves(); ///< up to TLS 1.2
Codes signature_algorithms();

/// Those of `accepted` that have an ECDHE exchange; of RSA where there are any, because a server with an
/// ECDSA certificate also wants to be offered the curve of that.
Codes with_ecdhe(Codes const& accepted);
Codes with_dhe(Codes const& accepted);
/// In which the server signs its part of the exchange.
Codes signed_ones(Codes const& accepted);
/// Those of `accepted` that a key share can be made for, and its secret agreed on.
Codes shared_groups(Codes const& accepted);

} // namespace alert40::diagnose::offers
