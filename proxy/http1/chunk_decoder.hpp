#pragma once

#include "proxy/http1/head_scanner.hpp"
#include "proxy/message/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace alert40::proxy::http1 {

/// Takes the chunked coding off (RFC 9112 section 7.1), from bytes cut anywhere.
///
///     1*HEXDIG [ chunk-ext ] CRLF  data CRLF  ...  "0" [ chunk-ext ] CRLF  trailers CRLF
///
/// Extensions are dropped; they are bounded, and so are the trailers. White space around the size is refused.
class ChunkDecoder {
  public:
    struct Piece {
        std::size_t consumed = 0;
        std::span<std::uint8_t const> data; ///< part of the input, part of the body; may be empty
    };

    /// Goes on to the next piece of data, or to the end of `input`, or to the end of the body.
    Piece next(std::span<std::uint8_t const> input);

    bool done() const { return state_ == State::done; }

    bool malformed() const { return state_ == State::malformed; }

    /// After `done`; they borrow from this.
    Fields const& trailers() const { return trailers_; }

  private:
    enum class State : std::uint8_t {
        first_digit,
        size,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailers,
        done,
        malformed
    };

    State after(std::uint8_t byte);
    State after_digit(std::uint8_t byte);
    std::size_t take_trailers(std::span<std::uint8_t const> input);

    State state_ = State::first_digit;
    std::uint64_t left_ = 0;     ///< of the chunk's data; its size while that is read
    std::size_t line_bytes_ = 0; ///< of the size and its extensions
    std::string trailer_text_;
    HeadScanner trailer_scanner_;
    Fields trailers_;
};

} // namespace alert40::proxy::http1
