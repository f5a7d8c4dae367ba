#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace alert40::app::capture {

using Bytes = std::span<std::uint8_t const>;

/// What stands before the IP packet of one frame (https://www.tcpdump.org/linktypes.html), as numbered by
/// libpcap on Linux.
enum class LinkType : int {
    null = 0, ///< BSD loopback: an address family in the byte order of that machine
    ethernet = 1,
    raw_here = 12, ///< IP at once, as libpcap calls it on Linux
    raw = 101,
    loop = 108, ///< OpenBSD loopback: an address family, big-endian
    linux_cooked = 113,
    ipv4 = 228,
    ipv6 = 229,
    linux_cooked_v2 = 276,
};

bool is_known(LinkType type);

/// The IP packet in a frame, borrowed from it; nothing where it holds something else, or is cut too short.
std::optional<Bytes> ip_packet(LinkType type, Bytes frame);

} // namespace alert40::app::capture
