#include "net/resolver/destination_order.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace alert40::net {

namespace {

using Bytes = std::array<std::uint8_t, 16>; ///< IPv4 as ::ffff:0:0/96

struct AddrinfoDeleter {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

using Parsed = std::unique_ptr<addrinfo, AddrinfoDeleter>;

/// With the zone that a link-local address may name. Null: no IP literal.
Parsed parsed(std::string const& literal) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    return Parsed{::getaddrinfo(literal.c_str(), "53", &hints, &found) == 0 ? found : nullptr};
}

Bytes bytes_of(std::string const& literal) {
    Bytes bytes{};
    if (::inet_pton(AF_INET, literal.c_str(), &bytes[12]) == 1) {
        bytes[10] = bytes[11] = 0xff;
        return bytes;
    }
    ::inet_pton(AF_INET6, literal.substr(0, literal.find('%')).c_str(), bytes.data());
    return bytes;
}

bool begins_with(Bytes const& address, Bytes const& prefix, std::size_t bits) {
    auto const whole = bits / 8;
    if (!std::equal(prefix.begin(), prefix.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
        return false;
    auto const rest = bits % 8;
    return rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

/// RFC 6724 section 2.1, the longest prefixes first.
struct Kin {
    Bytes prefix;
    std::size_t bits;
    int precedence;
    int label;
};

constexpr Bytes loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
constexpr Bytes mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

constexpr std::array default_policy{
    Kin{loopback, 128, 50, 0},         // ::1
    Kin{mapped, 96, 35, 4},            // IPv4
    Kin{{}, 96, 1, 3},                 // IPv4-compatible
    Kin{{0x20, 0x01, 0, 0}, 32, 5, 5}, // Teredo
    Kin{{0x20, 0x02}, 16, 30, 2},      // 6to4
    Kin{{0x3f, 0xfe}, 16, 1, 12},      // 6bone
    Kin{{0xfe, 0xc0}, 10, 1, 11},      // site-local
    Kin{{0xfc}, 7, 3, 13},             // unique local
    Kin{{}, 0, 40, 1},                 // all other IPv6
};

Kin const& kin_of(Bytes const& address) {
    return *std::find_if(default_policy.begin(), default_policy.end(),
                         [&](Kin const& kin) { return begins_with(address, kin.prefix, kin.bits); });
}

enum class Scope { link_local = 0x2, site_local = 0x5, global = 0xe };

/// RFC 6724 sections 3.1 and 3.2: loopback counts as link-local.
Scope scope_of(Bytes const& address) {
    if (begins_with(address, mapped, 96)) {
        bool const near = address[12] == 127 || (address[12] == 169 && address[13] == 254);
        return near ? Scope::link_local : Scope::global;
    }
    if (address == loopback || begins_with(address, {0xfe, 0x80}, 10)) return Scope::link_local;
    return begins_with(address, {0xfe, 0xc0}, 10) ? Scope::site_local : Scope::global;
}

/// Compares as the rules do, in their order; the smaller goes first.
struct Rank {
    bool unreachable;     ///< 1: avoid unusable destinations
    bool other_scope;     ///< 2: prefer matching scope
    bool other_label;     ///< 5: prefer matching label
    int minus_precedence; ///< 6: prefer higher precedence
    Scope scope;          ///< 8: prefer smaller scope
    auto operator<=>(Rank const&) const = default;
};

Rank rank_of(std::string const& destination, SourceOf const& source_of) {
    auto const to = bytes_of(destination);
    auto const& kin = kin_of(to);
    auto const source = source_of(destination);
    auto const from = source ? bytes_of(*source) : Bytes{};
    return {.unreachable = !source,
            .other_scope = !source || scope_of(from) != scope_of(to),
            .other_label = !source || kin_of(from).label != kin.label,
            .minus_precedence = -kin.precedence,
            .scope = scope_of(to)};
}

} // namespace

std::optional<std::string> source_by_route(std::string const& destination) {
    auto const to = parsed(destination);
    if (!to) return std::nullopt;
    int const fd = ::socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return std::nullopt;
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    std::array<char, NI_MAXHOST> text{};
    bool const known = ::connect(fd, to->ai_addr, to->ai_addrlen) == 0 &&
                       ::getsockname(fd, reinterpret_cast<sockaddr*>(&from), &size) == 0 &&
                       ::getnameinfo(reinterpret_cast<sockaddr*>(&from), size, text.data(), text.size(),
                                     nullptr, 0, NI_NUMERICHOST) == 0;
    ::close(fd);
    if (!known) return std::nullopt;
    return text.data();
}

void sort_destinations(std::vector<ResolvedAddress>& addresses, SourceOf const& source_of) {
    std::vector<std::pair<Rank, ResolvedAddress>> ranked;
    for (auto& one : addresses) {
        auto const rank = rank_of(one.address, source_of);
        ranked.emplace_back(rank, std::move(one));
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    std::transform(ranked.begin(), ranked.end(), addresses.begin(),
                   [](auto& one) { return std::move(one.second); });
}

} // namespace alert40::net
