#pragma once

#include "tls/handshake.hpp"
#include "tls/wire/client_hello.hpp"
#include "tls/wire/server_hello.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace alert40::tls::wire {

/// A hello in the words of the handshake record. `bytes` is its size on the wire, record headers included.
/// The fingerprints are left empty: tls/fingerprint makes them.
Offered describe(ClientHello const& hello, std::size_t bytes);

/// The answer to a hello that offered this session id. What a ServerHello does not say is left for the
/// caller: in TLS 1.3 the ALPN (EncryptedExtensions), up to 1.2 the group (ecdhe_group), always ja3s.
Negotiated describe(ServerHello const& answer, Bytes offered_session_id);

/// "x25519", "GREASE", "0x1234"
std::string group_name(std::uint16_t code);

/// Text from the wire with every byte that is not printable ASCII, and the backslash, as "\x0a": safe in any
/// log and record.
std::string printable(std::string_view text);

/// An ALPN name, printable; "GREASE" for one of RFC 8701.
std::string protocol_text(std::string_view name);

} // namespace alert40::tls::wire
