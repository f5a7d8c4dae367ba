#include "tls/wire/server_key_exchange.hpp"

#include "bytes/reader.hpp"

#include <algorithm>
#include <bit>

namespace alert40::tls::wire {
namespace {

using bytes::Prefix;
using bytes::Reader;

std::optional<std::uint16_t> read_ecdhe_group(Reader& in) {
    constexpr std::uint8_t named_curve = 3;
    auto const curve_type = in.u8();
    auto const group = in.u16();
    in.opaque<Prefix::u8>(); // the point
    if (in.failed() || curve_type != named_curve) return std::nullopt;
    return group;
}

std::optional<std::size_t> read_dhe_prime_bits(Reader& in) {
    auto prime = in.opaque<Prefix::u16>(Reader::unbounded, 1);
    in.opaque<Prefix::u16>(); // the generator
    in.opaque<Prefix::u16>(); // the public value
    if (in.failed()) return std::nullopt;
    auto const first = std::ranges::find_if(prime, [](std::uint8_t byte) { return byte != 0; });
    if (first == prime.end()) return 0;
    auto const whole = static_cast<std::size_t>(prime.end() - first - 1);
    return 8 * whole + static_cast<std::size_t>(std::bit_width(*first));
}

} // namespace

std::optional<std::uint16_t> ecdhe_group(std::span<std::uint8_t const> body) {
    Reader in{body};
    return read_ecdhe_group(in);
}

std::optional<std::size_t> dhe_prime_bits(std::span<std::uint8_t const> body) {
    Reader in{body};
    return read_dhe_prime_bits(in);
}

std::optional<std::uint16_t> key_exchange_signature(std::span<std::uint8_t const> body,
                                                    KeyExchangeKind kind) {
    Reader in{body};
    kind == KeyExchangeKind::ecdhe ? void(read_ecdhe_group(in)) : void(read_dhe_prime_bits(in));
    auto const scheme = in.u16();
    in.opaque<Prefix::u16>(Reader::unbounded, 1); // the signature
    if (!in.finished()) return std::nullopt;
    return scheme;
}

} // namespace alert40::tls::wire
