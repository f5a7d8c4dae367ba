#include "proxy/tunnel/socks5_message.hpp"

#include <arpa/inet.h>

namespace alert40::proxy::socks5 {
namespace {

constexpr std::uint8_t version = 5;
constexpr std::uint8_t password_version = 1;

enum AddressType : std::uint8_t { ipv4 = 1, name = 3, ipv6 = 4 };

template <typename Message>
Parsed<Message> malformed() {
    return {.state = Parsed<Message>::State::malformed};
}

template <typename Message>
Parsed<Message> complete(std::size_t size, Message message) {
    return {Parsed<Message>::State::complete, size, std::move(message)};
}

std::string text(Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

std::string literal(int family, Bytes address) {
    std::array<char, INET6_ADDRSTRLEN> out{};
    return ::inet_ntop(family, address.data(), out.data(), out.size()) ? out.data() : "";
}

/// Length and text that follow `at`; nothing when they are not all there.
std::optional<Bytes> counted(Bytes bytes, std::size_t at) {
    if (bytes.size() <= at || bytes.size() - at - 1 < bytes[at]) return std::nullopt;
    return bytes.subspan(at + 1, bytes[at]);
}

} // namespace

Parsed<Greeting> parse_greeting(Bytes bytes) {
    if (!bytes.empty() && bytes[0] != version) return malformed<Greeting>();
    auto const methods = counted(bytes, 1);
    if (!methods) return {};
    return complete<Greeting>(2 + methods->size(), {{methods->begin(), methods->end()}});
}

Parsed<Password> parse_password(Bytes bytes) {
    if (!bytes.empty() && bytes[0] != password_version) return malformed<Password>();
    auto const username = counted(bytes, 1);
    if (!username) return {};
    auto const password = counted(bytes, 2 + username->size());
    if (!password) return {};
    return complete<Password>(3 + username->size() + password->size(), {text(*username), text(*password)});
}

Parsed<Request> parse_request(Bytes bytes) {
    constexpr std::size_t before_address = 4;
    if (!bytes.empty() && bytes[0] != version) return malformed<Request>();
    if (bytes.size() <= before_address) return {};
    std::size_t address = before_address;
    std::size_t size = 0;
    switch (bytes[3]) {
    case ipv4: size = 4; break;
    case ipv6: size = 16; break;
    case name:
        size = bytes[before_address];
        ++address;
        if (size == 0) return malformed<Request>();
        break;
    default: return complete<Request>(bytes.size(), {bytes[1], {}, 0});
    }
    if (bytes.size() < address + size + 2) return {};
    auto const host = bytes.subspan(address, size);
    auto const port = bytes.subspan(address + size, 2);
    Request request{bytes[1], {}, static_cast<std::uint16_t>(port[0] << 8 | port[1])};
    request.host = bytes[3] == name ? text(host) : literal(bytes[3] == ipv4 ? AF_INET : AF_INET6, host);
    return complete(address + size + 2, std::move(request));
}

std::array<std::uint8_t, 10> reply(Reply code) {
    return {version, static_cast<std::uint8_t>(code), 0, ipv4};
}

Reply reply_for(unsigned status) {
    switch (status) {
    case 403: return Reply::not_allowed;
    case 502: return Reply::connection_refused;
    case 504: return Reply::host_unreachable;
    default: return Reply::general_failure;
    }
}

} // namespace alert40::proxy::socks5
