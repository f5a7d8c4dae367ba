#include "net/ip_endpoint.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace alert40::net {

namespace {

sockaddr_in const& as_v4(sockaddr_storage const& storage) {
    return reinterpret_cast<sockaddr_in const&>(storage);
}

sockaddr_in6 const& as_v6(sockaddr_storage const& storage) {
    return reinterpret_cast<sockaddr_in6 const&>(storage);
}

std::uint32_t zone_index(std::string const& zone) {
    if (zone.empty()) return 0;
    if (auto const index = ::if_nametoindex(zone.c_str())) return index;
    return static_cast<std::uint32_t>(std::strtoul(zone.c_str(), nullptr, 10));
}

} // namespace

std::optional<IpEndpoint> IpEndpoint::parse(std::string_view literal, std::uint16_t port) {
    auto const percent = literal.find('%');
    std::string const address{literal.substr(0, percent)};
    IpEndpoint endpoint;
    endpoint.address_ = literal;
    endpoint.port_ = port;
    if (auto& v4 = reinterpret_cast<sockaddr_in&>(endpoint.storage_);
        percent == literal.npos && ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        endpoint.size_ = sizeof v4;
        return endpoint;
    }
    if (auto& v6 = reinterpret_cast<sockaddr_in6&>(endpoint.storage_);
        ::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        if (percent != literal.npos) v6.sin6_scope_id = zone_index(std::string{literal.substr(percent + 1)});
        endpoint.size_ = sizeof v6;
        return endpoint;
    }
    return std::nullopt;
}

bool IpEndpoint::is_loopback() const {
    auto const plain = unmapped();
    if (plain.is_v6()) return IN6_IS_ADDR_LOOPBACK(&as_v6(plain.storage_).sin6_addr);
    return ntohl(as_v4(plain.storage_).sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

bool IpEndpoint::is_unspecified() const {
    if (is_v6()) return IN6_IS_ADDR_UNSPECIFIED(&as_v6(storage_).sin6_addr);
    return as_v4(storage_).sin_addr.s_addr == INADDR_ANY;
}

IpEndpoint IpEndpoint::unmapped() const {
    if (!is_v6() || !IN6_IS_ADDR_V4MAPPED(&as_v6(storage_).sin6_addr)) return *this;
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, as_v6(storage_).sin6_addr.s6_addr + 12, text.data(), text.size());
    return *parse(text.data(), port_);
}

bool IpEndpoint::same_place(IpEndpoint const& other) const {
    auto const a = unmapped();
    auto const b = other.unmapped();
    if (a.port_ != b.port_ || a.is_v6() != b.is_v6()) return false;
    if (a.is_v6())
        return std::memcmp(&as_v6(a.storage_).sin6_addr, &as_v6(b.storage_).sin6_addr, sizeof(in6_addr)) == 0;
    return as_v4(a.storage_).sin_addr.s_addr == as_v4(b.storage_).sin_addr.s_addr;
}

std::string IpEndpoint::text() const {
    return (is_v6() ? '[' + address_ + ']' : address_) + ':' + std::to_string(port_);
}

} // namespace alert40::net
