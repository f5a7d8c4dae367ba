// From a frame to a TCP segment: link layers, IPv4, IPv6, what is cut off.
#include "app/capture/packets.hpp"
#include "app/capture/segment.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::tests;
using app::capture::ip_packet;
using app::capture::tcp_segment;

namespace {

Buffer const hello_text = bytes_of("hello");

Buffer sample() {
    return ipv4(hex("0a000001"), hex("c0000207"), tcp(50000, 443, 7, {}, hello_text));
}

Buffer ipv6(std::uint8_t next, Buffer const& carried) {
    return Writer{}
        .u32(0x60000000)
        .u16(static_cast<std::uint16_t>(carried.size()))
        .u8(next)
        .u8(64)
        .bytes(hex("20010db8000000000000000000000001 20010db8000000000000000000000002"))
        .bytes(carried)
        .take();
}

} // namespace

TEST_CASE("each link type has its IP packet") {
    auto const packet = sample();
    auto const in = [&](LinkType type, std::string_view header) {
        auto const head = hex(header);
        auto const frame = joined({head, packet});
        auto const found = ip_packet(type, frame);
        return found && Buffer(found->begin(), found->end()) == packet;
    };
    CHECK(in(LinkType::ethernet, "020000000001 020000000002 0800"));
    CHECK(in(LinkType::ethernet, "020000000001 020000000002 8100 0005 0800"));
    CHECK(in(LinkType::ethernet, "020000000001 020000000002 88a8 0005 8100 0006 0800"));
    CHECK(in(LinkType::linux_cooked, "0000 0304 0006 000000000000 0000 0800"));
    CHECK(in(LinkType::linux_cooked_v2, "0800 0000 00000001 0304 00 06 0000000000000000"));
    CHECK(in(LinkType::null, "02000000"));
    CHECK(in(LinkType::loop, "00000002"));
    CHECK(in(LinkType::raw, ""));
    CHECK(in(LinkType::raw_here, ""));
    CHECK(in(LinkType::ipv4, ""));
    CHECK_FALSE(in(LinkType::ethernet, "020000000001 020000000002 0806")); // ARP
    CHECK_FALSE(in(LinkType{105}, ""));                                    // Wi-Fi
    CHECK_FALSE(ip_packet(LinkType::ethernet, hex("020000000001 0200")));
}

TEST_CASE("IPv4") {
    auto const packet = sample();
    auto const segment = tcp_segment(packet);
    REQUIRE(segment);
    CHECK(segment->from.address_text() == "10.0.0.1");
    CHECK(segment->to.address_text() == "192.0.2.7");
    CHECK(segment->from.port == 50000);
    CHECK(segment->to.port == 443);
    CHECK(segment->sequence == 7);
    CHECK(Buffer(segment->payload.begin(), segment->payload.end()) == hello_text);
    CHECK(segment->missing == 0);

    SECTION("padding of a short frame is no payload") {
        auto const padded = joined({packet, hex("0000")});
        CHECK(tcp_segment(padded)->payload.size() == 5);
    }
    SECTION("what tcpdump -s has cut off is missing") {
        auto const cut = std::span(packet).first(packet.size() - 2);
        CHECK(tcp_segment(cut)->payload.size() == 3);
        CHECK(tcp_segment(cut)->missing == 2);
    }
    SECTION("a length that the sender's hardware was to fill in") {
        auto offloaded = packet;
        offloaded[2] = offloaded[3] = 0;
        CHECK(tcp_segment(offloaded)->payload.size() == 5);
    }
    SECTION("fragments and other protocols are none") {
        auto fragment = packet;
        fragment[6] = 0x20;
        CHECK_FALSE(tcp_segment(fragment));
        auto udp = packet;
        udp[9] = 17;
        CHECK_FALSE(tcp_segment(udp));
    }
}

TEST_CASE("IPv6, with extension headers") {
    auto const carried = tcp(50000, 443, 7, {}, hello_text);
    auto const plain = ipv6(6, carried);
    REQUIRE(tcp_segment(plain));
    CHECK(tcp_segment(plain)->to.address_text() == "2001:db8::2");
    auto const options = hex("06 00 000000000000"); // then TCP
    auto const extended = ipv6(0, joined({options, carried}));
    REQUIRE(tcp_segment(extended));
    CHECK(tcp_segment(extended)->payload.size() == 5);
    CHECK_FALSE(tcp_segment(ipv6(44, carried))); // a fragment
}

TEST_CASE("nothing is read past the end, wherever a packet is cut") {
    for (auto const& packet : {sample(), ipv6(6, tcp(1, 2, 3, {}, hello_text))})
        for (std::size_t size = 0; size < packet.size(); ++size) {
            auto const segment = tcp_segment(std::span(packet).first(size));
            CHECK((!segment || segment->payload.size() + segment->missing == 5));
        }
}
