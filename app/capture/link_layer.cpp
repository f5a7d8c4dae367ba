#include "app/capture/link_layer.hpp"

#include "bytes/reader.hpp"

#include <algorithm>
#include <array>

namespace alert40::app::capture {

namespace {

using bytes::Reader;

bool is_ip(std::uint16_t ether_type) {
    return ether_type == 0x0800 || ether_type == 0x86dd;
}

/// Behind any VLAN tags (IEEE 802.1Q, 802.1ad).
std::optional<Bytes> behind_ether_type(Reader& in) {
    constexpr int most_tags = 4;
    auto type = in.u16();
    for (int tags = 0; (type == 0x8100 || type == 0x88a8) && tags < most_tags; ++tags) {
        in.u16();
        type = in.u16();
    }
    if (!is_ip(type)) return std::nullopt;
    return in.rest();
}

std::optional<Bytes> behind_ethernet(Reader& in) {
    in.bytes(12);
    return behind_ether_type(in);
}

std::optional<Bytes> behind_cooked(Reader& in) {
    in.bytes(14);
    return behind_ether_type(in);
}

std::optional<Bytes> behind_cooked_v2(Reader& in) {
    auto const type = in.u16();
    in.bytes(18);
    if (!is_ip(type)) return std::nullopt;
    return in.rest();
}

/// Which family it is shows in the packet as well.
std::optional<Bytes> behind_family(Reader& in) {
    in.u32();
    return in.rest();
}

std::optional<Bytes> at_once(Reader& in) {
    return in.rest();
}

struct Row {
    LinkType type;
    std::optional<Bytes> (*strip)(Reader& in);
};

constexpr std::array rows = {
    Row{LinkType::null, behind_family},
    Row{LinkType::ethernet, behind_ethernet},
    Row{LinkType::raw_here, at_once},
    Row{LinkType::raw, at_once},
    Row{LinkType::loop, behind_family},
    Row{LinkType::linux_cooked, behind_cooked},
    Row{LinkType::ipv4, at_once},
    Row{LinkType::ipv6, at_once},
    Row{LinkType::linux_cooked_v2, behind_cooked_v2},
};

} // namespace

bool is_known(LinkType type) {
    return std::ranges::find(rows, type, &Row::type) != rows.end();
}

std::optional<Bytes> ip_packet(LinkType type, Bytes frame) {
    auto const* const row = std::ranges::find(rows, type, &Row::type);
    if (row == rows.end()) return std::nullopt;
    Reader in{frame};
    auto const packet = row->strip(in);
    if (in.failed() || !packet || packet->empty()) return std::nullopt;
    return packet;
}

} // namespace alert40::app::capture
