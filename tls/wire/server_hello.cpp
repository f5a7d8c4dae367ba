#include "tls/wire/server_hello.hpp"

namespace alert40::tls::wire {
namespace {

using bytes::Prefix;
using bytes::Reader;

// SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
constexpr std::array<std::uint8_t, 32> hello_retry_request_random{
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

} // namespace

bool ServerHello::is_hello_retry_request() const {
    return random == hello_retry_request_random;
}

std::uint16_t ServerHello::version() const {
    auto const selected = find(extensions, ExtensionType::supported_versions);
    if (!selected) return legacy_version;
    Reader in{*selected};
    auto const version = in.u16();
    return in.finished() ? version : legacy_version;
}

std::optional<std::uint16_t> ServerHello::key_share_group() const {
    auto const share = find(extensions, ExtensionType::key_share);
    if (!share) return std::nullopt;
    Reader in{*share};
    auto const group = in.u16();
    if (!is_hello_retry_request()) in.opaque<Prefix::u16>(); // key_exchange
    if (!in.finished()) return std::nullopt;
    return group;
}

Result<ServerHello> parse_server_hello(Bytes body) {
    Reader in{body};
    ServerHello hello;
    hello.legacy_version = in.u16();
    hello.random = in.bytes<32>();
    hello.session_id = in.opaque<Prefix::u8>(32);
    hello.cipher_suite = in.u16();
    hello.compression_method = in.u8();
    if (in.more()) hello.extensions = read_extensions(in);
    if (!in.finished()) return malformed(in);
    return hello;
}

Result<std::vector<Extension>> parse_encrypted_extensions(Bytes body) {
    Reader in{body};
    auto extensions = read_extensions(in);
    if (!in.finished()) return malformed(in);
    return extensions;
}

} // namespace alert40::tls::wire
