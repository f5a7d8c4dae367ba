#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace alert40::bytes {

/// How many bytes the length in front of a vector takes (RFC 8446 section 3.4).
enum class Prefix : std::uint8_t { u8 = 1, u16 = 2, u24 = 3 };

/// Reads big-endian fields from borrowed bytes. The first read past the end, or over a bound, makes it fail
/// for good: from then on everything reads as zero or empty, so that a parser may ask once at its end.
class Reader {
  public:
    using Bytes = std::span<std::uint8_t const>;
    static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

    /// `offset` is where `input` starts in a larger whole; it only shows in `offset()`.
    explicit Reader(Bytes input, std::size_t offset = 0)
        : input_(input)
        , start_(offset) {}

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }

    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }

    std::uint32_t u24() { return number(3); }

    std::uint32_t u32() { return number(4); }

    template <std::size_t N>
    std::array<std::uint8_t, N> bytes() {
        std::array<std::uint8_t, N> out{};
        std::ranges::copy(bytes(N), out.begin());
        return out;
    }

    /// The next `n` bytes, borrowed; empty on failure.
    Bytes bytes(std::size_t n) {
        if (failed_) return {};
        if (n > input_.size() - position_) {
            fail_at(start_ + position_);
            return {};
        }
        auto const taken = input_.subspan(position_, n);
        position_ += n;
        return taken;
    }

    /// Everything that is left.
    Bytes rest() { return bytes(failed_ ? 0 : input_.size() - position_); }

    /// A vector of bytes behind its length; fails where it is longer than `max` or shorter than `min`.
    template <Prefix prefix>
    Bytes opaque(std::size_t max = unbounded, std::size_t min = 0) {
        auto const at = offset();
        auto const n = number(static_cast<std::size_t>(prefix));
        if (!failed_ && (n > max || n < min)) fail_at(at);
        return bytes(n);
    }

    /// A vector of structures behind its length: `read_body(Reader&)` has to finish it.
    template <Prefix prefix, std::invocable<Reader&> Body>
    void nested(Body&& read_body) {
        auto const body = opaque<prefix>();
        if (failed_) return;
        Reader inner{body, offset() - body.size()};
        std::forward<Body>(read_body)(inner);
        if (!inner.finished()) fail_at(inner.offset());
    }

    /// A vector of numbers behind its length in bytes; fails where that is odd.
    template <Prefix prefix>
    std::vector<std::uint16_t> list_u16() {
        std::vector<std::uint16_t> out;
        nested<prefix>([&](Reader& in) {
            out.reserve(in.input_.size() / 2);
            while (in.more())
                out.push_back(in.u16());
        });
        if (failed_) out.clear();
        return out;
    }

    /// Something is left, and nothing has failed.
    bool more() const { return !failed_ && position_ < input_.size(); }

    bool failed() const { return failed_; }

    /// Everything was read, and nothing failed.
    bool finished() const { return !failed_ && position_ == input_.size(); }

    /// Where the next read would start; after a failure, the field that did not fit.
    std::size_t offset() const { return failed_ ? failed_at_ : start_ + position_; }

  private:
    void fail_at(std::size_t offset) {
        failed_ = true;
        failed_at_ = offset;
    }

    std::uint32_t number(std::size_t width) {
        std::uint32_t value = 0;
        for (auto const byte : bytes(width))
            value = value << 8 | byte;
        return value;
    }

    Bytes input_;
    std::size_t start_ = 0;
    std::size_t position_ = 0;
    std::size_t failed_at_ = 0;
    bool failed_ = false;
};

} // namespace alert40::bytes
