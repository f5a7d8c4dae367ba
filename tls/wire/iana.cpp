#include "tls/wire/iana.hpp"

#include <algorithm>
#include <array>

namespace alert40::tls::wire::iana {
namespace {

// TLS Application-Layer Protocol Negotiation (ALPN) Protocol IDs, those that are text.
constexpr std::array<std::string_view, 37> protocols{
    "http/0.9",   "http/1.0", "http/1.1",    "spdy/1",
    "spdy/2",     "spdy/3",   "stun.turn",   "stun.nat-discovery",
    "h2",         "h2c",      "webrtc",      "c-webrtc",
    "ftp",        "imap",     "pop3",        "managesieve",
    "coap",       "co",       "xmpp-client", "xmpp-server",
    "acme-tls/1", "mqtt",     "dot",         "ntske/1",
    "sunrpc",     "h3",       "smb",         "irc",
    "nntp",       "nnsp",     "doq",         "sip/2",
    "tds/8.0",    "dicom",    "postgresql",  "radius/1.0",
    "radius/1.1",
};

} // namespace

std::span<std::string_view const> alpn_protocols() {
    return protocols;
}

std::string_view name_of(Registry registry, std::uint16_t code) {
    auto const row = std::ranges::lower_bound(registry, code, {}, &Row::code);
    return row == registry.end() || row->code != code ? std::string_view{} : row->name;
}

std::optional<std::uint16_t> code_of(Registry registry, std::string_view name) {
    auto const row = std::ranges::find(registry, name, &Row::name);
    if (row == registry.end()) return std::nullopt;
    return row->code;
}

std::string spelled(Registry registry, std::uint16_t code) {
    if (auto const name = name_of(registry, code); !name.empty()) return std::string{name};
    if (is_grease(code)) return "GREASE";
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "0x";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[code >> shift & 15];
    return out;
}

} // namespace alert40::tls::wire::iana
