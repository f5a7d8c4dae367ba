#include "app/capture/packet_file.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include <pcap/pcap.h>

namespace alert40::app::capture {

using namespace std::string_view_literals;

namespace {

constexpr std::array magics = {"\xa1\xb2\xc3\xd4"sv, "\xd4\xc3\xb2\xa1"sv, "\xa1\xb2\x3c\x4d"sv,
                               "\x4d\x3c\xb2\xa1"sv, "\x0a\x0d\x0d\x0a"sv};

/// A file may say any time: what the clock cannot count is taken for the nearest that it can.
Time time_of(pcap_pkthdr const& header) { // in nanoseconds, as asked for below
    using std::chrono::seconds;
    constexpr auto latest = std::chrono::floor<seconds>(Time::max().time_since_epoch()) - seconds{10};
    auto const whole = std::clamp(seconds{header.ts.tv_sec}, seconds{0}, latest);
    auto const part = std::clamp<std::int64_t>(header.ts.tv_usec, 0, 999'999'999);
    return Time{std::chrono::duration_cast<Time::duration>(whole + std::chrono::nanoseconds{part})};
}

} // namespace

bool is_packet_file(std::string_view first_bytes) {
    return std::ranges::any_of(magics, [&](auto magic) { return first_bytes.starts_with(magic); });
}

void PacketFile::Closer::operator()(pcap* handle) const {
    pcap_close(handle);
}

PacketFile::PacketFile(std::FILE* file) {
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    handle_.reset(pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error.data()));
    if (!handle_) {
        std::fclose(file);
        throw std::runtime_error(error.data());
    }
    auto const number = pcap_datalink(handle_.get());
    link_type_ = LinkType{number};
    if (is_known(link_type_)) return;
    auto const* const name = pcap_datalink_val_to_name(number);
    throw std::runtime_error("its packets are of the link type " +
                             (name ? std::string(name) : std::to_string(number)) +
                             "; Ethernet, Linux cooked, loopback and raw IP can be read");
}

void PacketFile::each(std::function<void(Bytes frame, Time time)> const& take) {
    pcap_pkthdr* header = nullptr;
    u_char const* data = nullptr;
    int status = 0;
    while ((status = pcap_next_ex(handle_.get(), &header, &data)) == 1)
        take({data, header->caplen}, time_of(*header));
    if (status == PCAP_ERROR) complaint_ = pcap_geterr(handle_.get());
}

} // namespace alert40::app::capture
