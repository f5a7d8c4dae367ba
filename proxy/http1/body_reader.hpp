#pragma once

#include "proxy/http1/chunk_decoder.hpp"
#include "proxy/http1/framing.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace alert40::proxy::http1 {

/// Finds the body in what follows a head. Bytes whose place is known beforehand need not pass through here:
/// `direct` says how many the receiver may read itself, straight from the stream to where they go.
class BodyReader {
  public:
    using Piece = ChunkDecoder::Piece;

    explicit BodyReader(Framing framing)
        : framing_(framing) {
        if (framing.kind == Framing::Kind::chunked) chunks_.emplace();
    }

    bool done() const {
        switch (framing_.kind) {
        case Framing::Kind::none: return true;
        case Framing::Kind::length: return framing_.length == 0;
        case Framing::Kind::chunked: return chunks_->done();
        case Framing::Kind::until_close: return ended_;
        }
        return true;
    }

    bool malformed() const { return chunks_ && chunks_->malformed(); }

    std::uint64_t direct() const {
        if (framing_.kind == Framing::Kind::length) return framing_.length;
        return framing_.kind == Framing::Kind::until_close && !ended_
                   ? std::numeric_limits<std::uint64_t>::max()
                   : 0;
    }

    /// `n` of `direct` were read.
    void took(std::size_t n) {
        if (framing_.kind == Framing::Kind::length) framing_.length -= n;
    }

    /// The next piece of the body in `input`; consumes something unless the body is done, or malformed.
    Piece next(std::span<std::uint8_t const> input);

    /// The peer's stream has ended. True: that was the end of the body.
    bool end_of_stream() {
        if (framing_.kind == Framing::Kind::until_close) ended_ = true;
        return done();
    }

    /// Once it is done; they borrow from this.
    Fields const& trailers() const;

  private:
    Framing framing_; ///< `length` is what is left
    bool ended_ = false;
    std::optional<ChunkDecoder> chunks_;
};

} // namespace alert40::proxy::http1
