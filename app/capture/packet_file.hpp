#pragma once

#include "app/capture/connection.hpp"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>

struct pcap;

namespace alert40::app::capture {

/// A pcap or pcapng file, read by libpcap.
class PacketFile {
  public:
    /// Takes `file` over. Throws std::runtime_error, in one line, for what is no such file or holds packets
    /// of a link that is not known here.
    explicit PacketFile(std::FILE* file);

    LinkType link_type() const { return link_type_; }

    /// One after the other. What is cut off at the end of the file is an end: `complaint` has the words.
    void each(std::function<void(Bytes frame, Time time)> const& take);

    std::string const& complaint() const { return complaint_; }

  private:
    struct Closer {
        void operator()(pcap* handle) const;
    };

    std::unique_ptr<pcap, Closer> handle_;
    LinkType link_type_ = LinkType::ethernet;
    std::string complaint_; ///< empty: it was read to its end
};

/// By its first four bytes: pcap in either byte order and resolution, or pcapng.
bool is_packet_file(std::string_view first_bytes);

} // namespace alert40::app::capture
