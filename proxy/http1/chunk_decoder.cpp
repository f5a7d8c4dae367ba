#include "proxy/http1/chunk_decoder.hpp"

#include "proxy/http1/trailers.hpp"
#include "proxy/message/limits.hpp"

#include <algorithm>

namespace alert40::proxy::http1 {
namespace {

constexpr std::uint64_t largest_chunk = std::uint64_t{1} << 60;
constexpr std::size_t most_digits = 16; // leading zeros included
constexpr std::uint8_t not_a_digit = 0xff;

constexpr std::uint8_t hex_value(std::uint8_t c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
    return not_a_digit;
}

constexpr bool control(std::uint8_t c) {
    return (c < 0x20 && c != '\t') || c == 0x7f;
}

} // namespace

ChunkDecoder::Piece ChunkDecoder::next(std::span<std::uint8_t const> input) {
    std::size_t at = 0;
    while (at < input.size() && !done() && !malformed()) {
        if (state_ == State::data) {
            auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - at));
            left_ -= n;
            if (left_ == 0) state_ = State::data_cr;
            return {at + n, input.subspan(at, n)};
        }
        if (state_ == State::trailers)
            at += take_trailers(input.subspan(at));
        else
            state_ = after(input[at++]);
    }
    return {at, {}};
}

ChunkDecoder::State ChunkDecoder::after(std::uint8_t byte) {
    switch (state_) {
    case State::first_digit: return after_digit(byte);
    case State::size:
        if (byte == '\r') return State::size_lf;
        if (byte == ';') return State::extension;
        return after_digit(byte);
    case State::extension:
        if (byte == '\r') return State::size_lf;
        return control(byte) || ++line_bytes_ > limits::chunk_extension_bytes ? State::malformed
                                                                              : State::extension;
    case State::size_lf:
        line_bytes_ = 0;
        if (byte != '\n') return State::malformed;
        return left_ ? State::data : State::trailers;
    case State::data_cr: return byte == '\r' ? State::data_lf : State::malformed;
    case State::data_lf: return byte == '\n' ? State::first_digit : State::malformed;
    default: return State::malformed;
    }
}

ChunkDecoder::State ChunkDecoder::after_digit(std::uint8_t byte) {
    auto const digit = hex_value(byte);
    if (digit == not_a_digit || left_ >= largest_chunk / 16 || ++line_bytes_ > most_digits)
        return State::malformed;
    left_ = left_ * 16 + digit;
    return State::size;
}

std::size_t ChunkDecoder::take_trailers(std::span<std::uint8_t const> input) {
    auto const before = trailer_text_.size();
    auto const room = std::min(input.size(), limits::head_bytes - before);
    trailer_text_.append(reinterpret_cast<char const*>(input.data()), room);

    std::size_t size = 0;
    if (trailer_text_.starts_with("\r\n")) {
        size = 2;
    } else if (trailer_text_.starts_with('\r')) {
        if (trailer_text_.size() > 1) state_ = State::malformed;
        return room;
    } else {
        switch (trailer_scanner_.scan(trailer_text_)) {
        case HeadScanner::Result::malformed: state_ = State::malformed; return room;
        case HeadScanner::Result::incomplete:
            if (trailer_text_.size() >= limits::head_bytes) state_ = State::malformed;
            return room;
        case HeadScanner::Result::complete: size = trailer_scanner_.size();
        }
    }
    trailer_text_.resize(size);
    state_ = parse_trailers(trailer_text_, trailers_) ? State::done : State::malformed;
    return size - before;
}

} // namespace alert40::proxy::http1
