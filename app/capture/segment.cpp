#include "app/capture/segment.hpp"

#include "bytes/reader.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace alert40::app::capture {

namespace {

using bytes::Reader;

constexpr std::uint8_t tcp = 6;

/// What is left of an IP packet behind its headers.
struct Carried {
    Bytes bytes;
    std::size_t length = 0; ///< of all of it, captured or not
};

/// `stated` is 0 where the sender's hardware was to fill it in.
Carried carried(Bytes behind, std::size_t stated) {
    auto const length = stated == 0 ? behind.size() : stated;
    return {behind.first(std::min(length, behind.size())), length};
}

/// RFC 791 section 3.1.
std::optional<Carried> read_ipv4(Bytes packet, Segment& segment) {
    Reader in{packet};
    auto const header = std::size_t{in.u8()} % 16 * 4;
    in.u8();
    std::size_t const total = in.u16();
    in.u16();
    bool const fragment = (in.u16() & 0x3fff) != 0; // more of them, or not the first
    in.u8();
    auto const protocol = in.u8();
    in.u16();
    std::ranges::copy(in.bytes(4), segment.from.address.begin());
    std::ranges::copy(in.bytes(4), segment.to.address.begin());
    if (in.failed() || header < in.offset() || fragment || protocol != tcp) return std::nullopt;
    if (total != 0 && total < header) return std::nullopt;
    in.bytes(header - in.offset());
    if (in.failed()) return std::nullopt;
    return carried(in.rest(), total == 0 ? 0 : total - header);
}

/// Hop-by-hop, routing and destination options (RFC 8200 section 4.1), which have a length in common.
bool is_extension(std::uint8_t header) {
    return header == 0 || header == 43 || header == 60;
}

/// RFC 8200 section 3.
std::optional<Carried> read_ipv6(Bytes packet, Segment& segment) {
    constexpr int most_extensions = 8;
    Reader in{packet};
    in.u32();
    std::size_t const stated = in.u16();
    auto next = in.u8();
    in.u8();
    std::ranges::copy(in.bytes(16), segment.from.address.begin());
    std::ranges::copy(in.bytes(16), segment.to.address.begin());
    auto const start = in.offset();
    for (int i = 0; is_extension(next) && i < most_extensions; ++i) {
        next = in.u8();
        std::size_t const more = in.u8();
        in.bytes(6 + more * 8);
    }
    if (in.failed() || next != tcp) return std::nullopt;
    auto const extensions = in.offset() - start;
    if (stated != 0 && stated < extensions) return std::nullopt;
    return carried(in.rest(), stated == 0 ? 0 : stated - extensions);
}

} // namespace

std::string Endpoint::address_text() const {
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(v6 ? AF_INET6 : AF_INET, address.data(), text, sizeof text);
    return text;
}

std::optional<Segment> tcp_segment(Bytes ip_packet) {
    if (ip_packet.empty()) return std::nullopt;
    auto const version = ip_packet.front() >> 4;
    if (version != 4 && version != 6) return std::nullopt;
    Segment segment;
    segment.from.v6 = segment.to.v6 = version == 6;
    auto const carried = version == 4 ? read_ipv4(ip_packet, segment) : read_ipv6(ip_packet, segment);
    if (!carried) return std::nullopt;

    Reader in{carried->bytes};
    segment.from.port = in.u16();
    segment.to.port = in.u16();
    segment.sequence = in.u32();
    in.u32();
    auto const header = std::size_t{in.u8()} / 16 * 4;
    auto const flags = in.u8();
    in.bytes(6);
    if (in.failed() || header < in.offset() || header > carried->length) return std::nullopt;
    in.bytes(header - in.offset());
    if (in.failed()) return std::nullopt;
    segment.fin = (flags & 0x01) != 0;
    segment.syn = (flags & 0x02) != 0;
    segment.rst = (flags & 0x04) != 0;
    segment.ack = (flags & 0x10) != 0;
    segment.payload = in.rest();
    segment.missing = carried->length - carried->bytes.size();
    return segment;
}

} // namespace alert40::app::capture
