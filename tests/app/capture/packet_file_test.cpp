// pcap and pcapng, both ends of bytes; what is no such file says so.
#include "app/capture/captured_handshakes.hpp"
#include "app/capture/packet_file.hpp"
#include "app/capture/packets.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::tests;
using app::capture::captured_handshakes;

namespace {

/// A pcap file in big-endian, with microseconds.
Buffer pcap_file(std::uint32_t link_type, std::vector<Buffer> const& frames) {
    Writer out;
    out.u32(0xa1b2c3d4).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(link_type);
    std::uint32_t microseconds = 0;
    for (auto const& frame : frames) {
        auto const size = static_cast<std::uint32_t>(frame.size());
        out.u32(1000).u32(microseconds += 10).u32(size).u32(size).bytes(frame);
    }
    return out.take();
}

std::FILE* file_of(Buffer& bytes) {
    return ::fmemopen(bytes.data(), bytes.size(), "rb");
}

std::vector<Buffer> refused() {
    auto const app = hex("0a000001"), origin = hex("c0000207");
    return {ethernet(ipv4(app, origin, tcp(50000, 443, 1, {}, sample_hello()))),
            ethernet(ipv4(origin, app, tcp(443, 50000, 1, {}, alert_40())))};
}

} // namespace

TEST_CASE("a pcap file") {
    auto bytes = pcap_file(1, refused());
    auto const found = captured_handshakes(file_of(bytes));
    CHECK(found.connections == 1);
    CHECK(found.complaint.empty());
    REQUIRE(found.records.size() == 1);
    CHECK(found.records[0].failure->kind == tls::FailureKind::alert);
    CHECK(found.records[0].time == Time{std::chrono::seconds{1000} + std::chrono::microseconds{10}});
}

TEST_CASE("a file that is cut off has what came before") {
    auto bytes = pcap_file(1, refused());
    bytes.resize(bytes.size() - 3);
    auto const found = captured_handshakes(file_of(bytes));
    CHECK(found.complaint.find("truncated") != std::string::npos);
    CHECK(found.records.size() == 1);
}

TEST_CASE("what cannot be read says why") {
    auto text = bytes_of("this is no capture at all, not at all");
    CHECK_THROWS_WITH(captured_handshakes(file_of(text)), "unknown file format");
    auto wifi = pcap_file(105, refused());
    CHECK_THROWS_WITH(captured_handshakes(file_of(wifi)),
                      "its packets are of the link type IEEE802_11; Ethernet, Linux cooked, loopback and raw "
                      "IP can be read");
}

TEST_CASE("a capture is known by its first bytes") {
    using app::capture::is_packet_file;
    CHECK(is_packet_file("\xd4\xc3\xb2\xa1 and more"));
    CHECK(is_packet_file("\x0a\x0d\x0d\x0a"));
    CHECK_FALSE(is_packet_file("{\"type\":\"handshake\"}"));
    CHECK_FALSE(is_packet_file(""));
}
