#pragma once

#include "tls/alert.hpp"

#include <cstdint>
#include <optional>

namespace alert40::tls {

/// What a server does wrong on purpose in the flight that answers a ClientHello.
struct FlightFault {
    enum class Place : std::uint8_t {
        after_server_hello,
        for_certificate, ///< where the Certificate would stand: right after ServerHello before TLS 1.3
    };

    /// A fatal one ends the flight there, in TLS 1.3 encrypted. After a warning it goes on; before TLS 1.3
    /// only.
    std::optional<Alert> alert{};
    Place place = Place::after_server_hello;
    bool no_renegotiation_info = false; ///< the ServerHello lacks it (RFC 5746 section 3.6); before TLS 1.3

    bool operator==(FlightFault const&) const = default;
};

} // namespace alert40::tls
