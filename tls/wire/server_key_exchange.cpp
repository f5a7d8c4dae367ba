#include "tls/wire/server_key_exchange.hpp"

#include "bytes/reader.hpp"

namespace alert40::tls::wire {

std::optional<std::uint16_t> ecdhe_group(std::span<std::uint8_t const> body) {
    constexpr std::uint8_t named_curve = 3;
    bytes::Reader in{body};
    auto const curve_type = in.u8();
    auto const group = in.u16();
    in.opaque<bytes::Prefix::u8>(); // the point; a signature follows
    if (in.failed() || curve_type != named_curve) return std::nullopt;
    return group;
}

} // namespace alert40::tls::wire
