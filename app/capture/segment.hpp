#pragma once

#include "app/capture/link_layer.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <string>

namespace alert40::app::capture {

struct Endpoint {
    bool v6 = false;
    std::array<std::uint8_t, 16> address{}; ///< the first four of them for IPv4
    std::uint16_t port = 0;

    auto operator<=>(Endpoint const&) const = default;
    std::string address_text() const; ///< "192.0.2.7", "2001:db8::7"
};

/// One TCP segment (RFC 9293 section 3.1), as far as it was captured.
struct Segment {
    Endpoint from, to;
    std::uint32_t sequence = 0;
    bool syn = false, ack = false, fin = false, rst = false;
    Bytes payload;           ///< borrowed from the packet
    std::size_t missing = 0; ///< bytes of the payload that the capture has cut off (tcpdump -s)
};

/// The TCP segment in an IP packet (IPv4 or IPv6 by its first bits); nothing for anything else, for
/// fragments, and for what is cut off before the payload.
std::optional<Segment> tcp_segment(Bytes ip_packet);

} // namespace alert40::app::capture
