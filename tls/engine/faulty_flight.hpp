#pragma once

#include "bytes/byte_queue.hpp"
#include "tls/engine/secret_line.hpp"
#include "tls/flight_fault.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace alert40::tls::engine {

/// Edits the flight that OpenSSL has made as a server's answer, before it leaves:
///
///     TLS 1.3   ServerHello | (ChangeCipherSpec) | {EncryptedExtensions} | {Certificate} ...
///                                                `-- {alert}            `-- {alert}
///     TLS 1.2   ServerHello | Certificate ...
///                           `-- alert
class FaultyFlight {
  public:
    explicit FaultyFlight(FlightFault fault)
        : fault_(fault) {}

    void on_sent(std::uint8_t handshake_type);

    /// SERVER_HANDSHAKE_TRAFFIC_SECRET.
    void on_secret(Secret secret) { secret_ = std::move(secret); }

    /// The Certificate does not leave.
    bool ends_before_certificate() const { return fault_.alert && is_fatal(); }

    enum class Outcome : std::uint8_t { not_yet, goes_on, ended, impossible };
    /// Once OpenSSL has gone on with the handshake. Looks for the flight until it was there.
    Outcome edit(SSL const* ssl, bytes::ByteQueue& output);

    tls::FlightFault const& fault() const { return fault_; }

  private:
    bool is_fatal() const { return fault_.alert->level == AlertLevel::fatal; }

    Outcome edit_13(SSL const* ssl, bytes::ByteQueue& output) const;
    Outcome edit_12(SSL const* ssl, bytes::ByteQueue& output) const;

    FlightFault fault_;
    Secret secret_;
    std::size_t before_certificate_ = 0; ///< encrypted messages that stand before it in TLS 1.3
    bool hello_sent_ = false, certificate_sent_ = false, done_ = false;
};

} // namespace alert40::tls::engine
