#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace alert40::tls::wire {

/// The group of an ECDHE ServerKeyExchange (RFC 8422 section 5.4: a named curve in front), which is where
/// TLS 1.2 and earlier say it. Nothing for anything else; the caller knows from the cipher suite that it is
/// ECDHE.
std::optional<std::uint16_t> ecdhe_group(std::span<std::uint8_t const> body);

/// The size in bits of the prime of a DHE ServerKeyExchange (RFC 5246 section 7.4.3); nothing where it is not
/// well formed. The caller knows from the cipher suite that it is DHE.
std::optional<std::size_t> dhe_prime_bits(std::span<std::uint8_t const> body);

enum class KeyExchangeKind : std::uint8_t { ecdhe, dhe };

/// The scheme of its signature (RFC 5246 section 4.7), which TLS 1.2 says behind the parameters. Nothing for
/// an anonymous one, and up to TLS 1.1, where the length of the signature stands in its place: the caller
/// knows the version.
std::optional<std::uint16_t> key_exchange_signature(std::span<std::uint8_t const> body, KeyExchangeKind kind);

} // namespace alert40::tls::wire
