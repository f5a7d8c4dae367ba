#pragma once

#include "tls/wire/frame_splitter.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace alert40::tls::wire {

/// RFC 8446 section 4, and the ones of earlier versions.
enum class HandshakeType : std::uint8_t {
    hello_request = 0,
    client_hello = 1,
    server_hello = 2,
    hello_verify_request = 3,
    new_session_ticket = 4,
    end_of_early_data = 5,
    hello_retry_request = 6, ///< of drafts only; see ServerHello::is_hello_retry_request
    encrypted_extensions = 8,
    certificate = 11,
    server_key_exchange = 12,
    certificate_request = 13,
    server_hello_done = 14,
    certificate_verify = 15,
    client_key_exchange = 16,
    finished = 20,
    certificate_url = 21,
    certificate_status = 22,
    supplemental_data = 23,
    key_update = 24,
    compressed_certificate = 25,
    next_proto = 67,
    message_hash = 254,
};

inline constexpr std::size_t handshake_header_size = 4;
/// More than a ClientHello can need (two vectors of 64 KiB) and than the certificate chains that libraries
/// accept.
inline constexpr std::size_t max_handshake_message = 256 * 1024;

struct HandshakeMessage {
    HandshakeType type = HandshakeType::client_hello;
    Bytes body;  ///< without the header
    Bytes whole; ///< with it
};

/// Fragments of handshake records in, messages out: a message may be spread over records, and a record may
/// hold several. See FrameSplitter for who owns what. Fails with `too_long` over `max_handshake_message`.
class HandshakeSplitter {
  public:
    void feed(Bytes fragment) { frames_.feed(fragment); }

    std::optional<HandshakeMessage> next();

    std::optional<Malformed> const& malformed() const { return frames_.malformed(); }

    bool within_message() const { return frames_.within_frame(); }

  private:
    FrameSplitter frames_{handshake_header_size};
};

} // namespace alert40::tls::wire
