#pragma once

#include "bytes/reader.hpp"

#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace alert40::bytes {

/// Writes big-endian fields; what Reader reads. The caller keeps vectors within their prefix.
class Writer {
  public:
    Writer& u8(std::uint8_t value) { return number(value, 1); }

    Writer& u16(std::uint16_t value) { return number(value, 2); }

    Writer& u24(std::uint32_t value) { return number(value, 3); }

    Writer& u32(std::uint32_t value) { return number(value, 4); }

    Writer& bytes(std::span<std::uint8_t const> bytes) {
        out_.insert(out_.end(), bytes.begin(), bytes.end());
        return *this;
    }

    /// The length of what `write_body` writes, and then that.
    template <Prefix prefix, std::invocable<Writer&> Body>
    Writer& nested(Body&& write_body) {
        constexpr auto width = static_cast<std::size_t>(prefix);
        auto const at = out_.size();
        out_.resize(at + width);
        std::forward<Body>(write_body)(*this);
        auto const size = out_.size() - at - width;
        assert(size >> 8 * width == 0);
        for (std::size_t i = 0; i < width; ++i)
            out_[at + i] = static_cast<std::uint8_t>(size >> 8 * (width - 1 - i));
        return *this;
    }

    template <Prefix prefix>
    Writer& opaque(std::span<std::uint8_t const> body) {
        return nested<prefix>([&](Writer& out) { out.bytes(body); });
    }

    template <Prefix prefix>
    Writer& list_u16(std::span<std::uint16_t const> numbers) {
        return nested<prefix>([&](Writer& out) {
            for (auto const number : numbers)
                out.u16(number);
        });
    }

    std::vector<std::uint8_t> take() { return std::exchange(out_, {}); }

  private:
    Writer& number(std::uint32_t value, std::size_t width) {
        while (width-- > 0)
            out_.push_back(static_cast<std::uint8_t>(value >> 8 * width));
        return *this;
    }

    std::vector<std::uint8_t> out_;
};

} // namespace alert40::bytes
