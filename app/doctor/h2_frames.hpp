#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::app::doctor {

/// As little of HTTP/2 (RFC 9113) as a client needs that sends one GET and reads the bodies of frames.

/// The preface, empty SETTINGS, and one GET on stream 1 with the header block uncompressed (RFC 7541 section
/// 6.2.2). `fields` are lower-case; every name and value is shorter than 127 bytes.
std::string h2_get(std::string_view authority,
                   std::vector<std::pair<std::string, std::string>> const& fields);
std::string h2_settings_ack();

/// Cuts a stream of bytes into frames, and keeps the payloads of DATA.
class H2Reader {
  public:
    void feed(std::string_view bytes);

    std::string const& data() const { return data_; } ///< so far

    bool settings_seen() const { return settings_seen_; } ///< the peer speaks HTTP/2

    bool failed() const { return failed_; } ///< no HTTP/2, or RST_STREAM, or GOAWAY

  private:
    void take(std::uint8_t type, std::uint8_t flags, std::string_view payload);

    std::string buffer_, data_;
    bool settings_seen_ = false, failed_ = false;
};

} // namespace alert40::app::doctor
