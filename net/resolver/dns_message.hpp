#pragma once

#include "net/resolver/dns_transport.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace alert40::net {

using DnsMessage = std::vector<std::uint8_t>;

/// A question for the addresses of one family (RFC 1035 section 4.1), recursion desired, with the id 0. The
/// failure: `host` is no name that DNS can carry.
boost::system::result<DnsMessage, DnsFailure> dns_question(std::string const& host, int family);

/// What a server answered to that. Whose question it was is up to the caller: nothing of it is compared.
boost::system::result<DnsAnswer, DnsFailure> dns_answer(std::span<std::uint8_t const> message, int family);

/// At the head of each message; the caller sees to it that it is there.
inline constexpr std::size_t dns_header = 12;

inline void set_dns_id(std::span<std::uint8_t> message, std::uint16_t id) {
    message[0] = static_cast<std::uint8_t>(id >> 8);
    message[1] = static_cast<std::uint8_t>(id & 0xff);
}

inline std::uint16_t dns_id(std::span<std::uint8_t const> message) {
    return static_cast<std::uint16_t>(message[0] << 8 | message[1]);
}

} // namespace alert40::net
