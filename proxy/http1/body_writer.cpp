#include "proxy/http1/body_writer.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <string_view>

namespace alert40::proxy::http1 {
namespace {

constexpr std::string_view crlf = "\r\n";

constexpr std::uint8_t hex_digits_of(std::size_t n) {
    return static_cast<std::uint8_t>((std::bit_width(n | 1) + 3) / 4);
}

/// Puts "SIZE CRLF" in front of the data that stands behind `reserved` bytes, and CRLF behind it, without a
/// gap. Returns the size of it all.
std::size_t close_chunk(std::uint8_t* chunk, std::size_t reserved, std::size_t n) {
    auto* const text = reinterpret_cast<char*>(chunk);
    auto* const digits_end = std::to_chars(text, text + reserved, n, 16).ptr;
    auto* const data = std::copy(crlf.begin(), crlf.end(), digits_end);
    if (data != text + reserved) std::memmove(data, text + reserved, n);
    return static_cast<std::size_t>(std::copy(crlf.begin(), crlf.end(), data + n) - text);
}

} // namespace

std::span<std::uint8_t> BodyWriter::space(bytes::ByteQueue& out, std::size_t at_least) {
    if (framing_.kind != Framing::Kind::chunked) return out.prepare(at_least);
    size_digits_ = hex_digits_of(at_least);
    auto const around = size_digits_ + 2 * crlf.size();
    auto const most = (std::size_t{1} << (4 * size_digits_)) - 1; // what the digits can say
    auto const room = out.prepare(around + at_least).size() - around;
    return out.prepare(0).subspan(size_digits_ + crlf.size(), std::min(room, most));
}

void BodyWriter::written(bytes::ByteQueue& out, std::size_t n) {
    switch (framing_.kind) {
    case Framing::Kind::none: n = 0; break;
    case Framing::Kind::length:
        n = static_cast<std::size_t>(std::min<std::uint64_t>(n, framing_.length));
        framing_.length -= n;
        break;
    case Framing::Kind::chunked:
        if (n) n = close_chunk(out.prepare(0).data(), size_digits_ + crlf.size(), n);
        break;
    case Framing::Kind::until_close: break;
    }
    out.commit(n);
}

bool BodyWriter::end(bytes::ByteQueue& out, Fields const& trailers) {
    if (framing_.kind == Framing::Kind::length) return framing_.length == 0;
    if (framing_.kind != Framing::Kind::chunked) return true;
    out.append("0\r\n");
    for (auto const& field : trailers) {
        out.append(field.name);
        out.append(": ");
        out.append(field.value);
        out.append("\r\n");
    }
    out.append("\r\n");
    return true;
}

} // namespace alert40::proxy::http1
