#pragma once

#include "tls/wire/frame_splitter.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace alert40::tls::wire {

/// RFC 8446 section 5.1, and heartbeat (RFC 6520).
enum class ContentType : std::uint8_t {
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
    heartbeat = 24,
};

inline constexpr std::size_t record_header_size = 5;
/// 2^14 of plaintext and what encryption may add in TLS 1.2 (RFC 5246 section 6.2.3), the largest of all
/// versions.
inline constexpr std::size_t max_record_fragment = (1 << 14) + 2048;

struct RecordHeader {
    ContentType type = ContentType::handshake;
    std::uint16_t legacy_version = 0x0301;
    std::uint16_t length = 0; ///< of the fragment
};

/// `header` is `record_header_size` bytes. `not_tls` for what cannot be the start of a record (another type,
/// a version that is not 3.x), `too_long` over the bound, `illegal_value` for an empty handshake, alert or
/// change_cipher_spec.
Result<RecordHeader> parse_record_header(Bytes header);

struct Record {
    RecordHeader header;
    Bytes fragment;
    Bytes whole; ///< with the header
};

/// The bytes of one direction in, records out; see FrameSplitter for who owns what.
///
///     records.feed(piece);
///     while (auto const record = records.next()) ...
///     if (records.malformed()) ...
class RecordSplitter {
  public:
    void feed(Bytes piece) { frames_.feed(piece); }

    std::optional<Record> next();

    std::optional<Malformed> const& malformed() const { return frames_.malformed(); }

    bool within_record() const { return frames_.within_frame(); }

  private:
    FrameSplitter frames_{record_header_size};
};

} // namespace alert40::tls::wire
