#include "net/resolver/dns_message.hpp"

#include "net/resolver/dns_status.hpp"

// Newer ones have functions for messages of every kind, and would have us call those.
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>

namespace alert40::net {

namespace {

struct BytesDeleter {
    void operator()(unsigned char* bytes) const { ::ares_free_string(bytes); }
};

/// By RCODE (RFC 1035 section 4.1.1).
int status_of(unsigned code) {
    constexpr std::array statuses{ARES_SUCCESS,   ARES_EFORMERR, ARES_ESERVFAIL,
                                  ARES_ENOTFOUND, ARES_ENOTIMP,  ARES_EREFUSED};
    return code < statuses.size() ? statuses[code] : ARES_ESERVFAIL;
}

boost::system::result<DnsAnswer, DnsFailure> collected(auto const& records, int count, int family,
                                                       auto const& address_of) {
    DnsAnswer answer{.addresses = {}, .ttl = std::chrono::seconds::max()};
    for (auto const& record : std::span{records}.first(static_cast<std::size_t>(count))) {
        std::array<char, INET6_ADDRSTRLEN> text{};
        ::inet_ntop(family, address_of(record), text.data(), text.size());
        answer.addresses.push_back({text.data()});
        answer.ttl = std::min(answer.ttl, std::chrono::seconds{record.ttl});
    }
    if (answer.addresses.empty()) return dns_failure(ARES_ENODATA);
    return answer;
}

} // namespace

boost::system::result<DnsMessage, DnsFailure> dns_question(std::string const& host, int family) {
    unsigned char* made = nullptr;
    int size = 0;
    auto const status = ::ares_create_query(host.c_str(), ns_c_in, family == AF_INET ? ns_t_a : ns_t_aaaa, 0,
                                            1, &made, &size, 0);
    std::unique_ptr<unsigned char, BytesDeleter> const owned{made};
    if (status != ARES_SUCCESS) return dns_failure(status);
    return DnsMessage(made, made + size);
}

boost::system::result<DnsAnswer, DnsFailure> dns_answer(std::span<std::uint8_t const> message, int family) {
    constexpr unsigned is_answer = 0x80, code_mask = 0xf;
    if (message.size() < dns_header || (message[2] & is_answer) == 0) return dns_failure(ARES_EBADRESP);
    if (auto const status = status_of(message[3] & code_mask); status != ARES_SUCCESS)
        return dns_failure(status);
    int count = most_dns_addresses;
    auto const size = static_cast<int>(std::min<std::size_t>(message.size(), 65'535));
    if (family == AF_INET) {
        std::array<ares_addrttl, most_dns_addresses> records{};
        auto const status = ::ares_parse_a_reply(message.data(), size, nullptr, records.data(), &count);
        if (status != ARES_SUCCESS) return dns_failure(status);
        return collected(records, count, family, [](auto const& record) { return &record.ipaddr; });
    }
    std::array<ares_addr6ttl, most_dns_addresses> records{};
    auto const status = ::ares_parse_aaaa_reply(message.data(), size, nullptr, records.data(), &count);
    if (status != ARES_SUCCESS) return dns_failure(status);
    return collected(records, count, family, [](auto const& record) { return &record.ip6addr; });
}

} // namespace alert40::net
