#pragma once

#include "app/capture/segment.hpp"

#include <optional>
#include <vector>

namespace alert40::app::capture {

/// One direction of a TCP connection: segments in as they were captured, twice or in any order; the bytes out
/// in theirs. Bounded: what arrives too far ahead is dropped, and then never passed.
class OneWay {
  public:
    static constexpr std::size_t most_waiting = 256;             ///< segments
    static constexpr std::uint32_t furthest_ahead = 1024 * 1024; ///< bytes

    /// The bytes that follow at once, in pieces; they borrow from `segment` and from this until the next
    /// call.
    std::vector<Bytes> take(Segment const& segment);

    bool begun() const { return next_.has_value(); }

    /// All bytes up to its FIN have passed.
    bool ended() const { return next_ && fin_ && *next_ == *fin_; }

    /// Something in between is not in the capture.
    bool has_gap() const { return cut_ || !waiting_.empty() || (fin_ && !ended()); }

  private:
    /// How far `sequence` lies ahead of what has passed; behind it, negative (RFC 9293 section 3.4).
    std::int32_t ahead(std::uint32_t sequence) const { return static_cast<std::int32_t>(sequence - *next_); }

    void keep(std::uint32_t sequence, Bytes payload);
    Bytes pass(std::uint32_t sequence, Bytes payload);

    struct Waiting {
        std::uint32_t sequence = 0;
        std::vector<std::uint8_t> bytes;
    };

    std::optional<std::uint32_t> next_; ///< the number of the byte that comes next
    std::optional<std::uint32_t> fin_;
    std::vector<Waiting> waiting_; ///< ahead of `next_`
    std::vector<Waiting> passed_;  ///< what was lent last
    bool cut_ = false;
};

} // namespace alert40::app::capture
