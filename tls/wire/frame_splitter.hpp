#pragma once

#include "tls/wire/malformed.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace alert40::tls::wire {

/// Cuts a stream that comes in arbitrary pieces into frames: a header of fixed size, then a body whose size
/// the header tells. A frame that lies within one piece is lent from there; only one that is cut in two is
/// copied, and the size function bounds it.
class FrameSplitter {
  public:
    explicit FrameSplitter(std::size_t header_size)
        : header_size_(header_size) {}

    /// More of the stream; borrowed until `next` has returned nothing.
    void feed(Bytes piece) { input_ = piece; }

    /// The next whole frame, header and body, borrowed until the next call of `feed` or `next`; nothing when
    /// more has to be fed. `size_of_body(header)` is a Result<size_t>; its error ends the stream and is kept
    /// in `malformed`.
    template <std::invocable<Bytes> SizeOfBody>
    std::optional<Bytes> next(SizeOfBody size_of_body) {
        if (malformed_) return std::nullopt;
        if (lent_) release();
        if (!gather(header_size_)) return std::nullopt;
        auto const body = size_of_body(front(header_size_));
        if (!body) {
            malformed_ = Malformed{body.error().what, offset_ + body.error().offset};
            return std::nullopt;
        }
        if (!gather(header_size_ + *body)) return std::nullopt;
        lent_ = header_size_ + *body;
        return front(lent_);
    }

    std::optional<Malformed> const& malformed() const { return malformed_; }

    /// A frame has begun and is not whole.
    bool within_frame() const { return !malformed_ && !lent_ && !kept_.empty(); }

  private:
    bool gather(std::size_t size);
    Bytes front(std::size_t size) const;
    void release();

    std::size_t header_size_;
    Bytes input_;                    ///< borrowed
    std::vector<std::uint8_t> kept_; ///< the beginning of a frame that was cut
    std::size_t lent_ = 0;           ///< size of the frame that the last `next` returned
    std::size_t offset_ = 0;         ///< of the front, in the stream
    std::optional<Malformed> malformed_;
};

} // namespace alert40::tls::wire
