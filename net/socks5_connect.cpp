#include "net/socks5_connect.hpp"

#include "net/ip_endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace alert40::net {

using tls::FailureKind;

namespace {

constexpr std::uint8_t version = 5, credentials_version = 1;
constexpr std::uint8_t no_authentication = 0, by_password = 2, no_method = 0xff;
constexpr std::uint8_t connect = 1;
constexpr std::uint8_t ipv4 = 1, domain_name = 3, ipv6 = 4;

/// RFC 1928 section 6, by number.
constexpr std::array<std::string_view, 9> replies{
    "succeeded",
    "general failure of the SOCKS server",
    "not allowed by its rules",
    "network unreachable",
    "host unreachable",
    "connection refused",
    "TTL expired",
    "command not supported",
    "address type not supported",
};

std::string text(std::initializer_list<std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

std::string with_length(std::string const& of) {
    return static_cast<char>(of.size()) + of;
}

/// Type and value (RFC 1928 section 5).
std::string address_of(std::string const& host) {
    std::array<char, sizeof(in6_addr)> address{};
    if (::inet_pton(AF_INET, host.c_str(), address.data()) == 1)
        return text({ipv4}) + std::string(address.data(), sizeof(in_addr));
    if (::inet_pton(AF_INET6, host.c_str(), address.data()) == 1)
        return text({ipv6}) + std::string(address.data(), sizeof(in6_addr));
    return text({domain_name}) + with_length(host);
}

} // namespace

Socks5Connect::Socks5Connect(policy::Via const& proxy, std::string_view host, std::uint16_t port)
    : ProxyDialogue(proxy)
    , host_(host.substr(0, most_text)) // DNS knows no longer one
    , username_(proxy.username)
    , password_(proxy.password)
    , port_(port) {}

std::string Socks5Connect::begin() {
    return with_credentials() ? text({version, 2, no_authentication, by_password})
                              : text({version, 1, no_authentication});
}

boost::system::result<ProxyDialogue::Progress, tls::Failure>
Socks5Connect::feed(std::span<std::uint8_t const> bytes) {
    auto const before = seen_.size();
    std::size_t taken = 0; // of what had been seen before, and of `bytes`
    seen_.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    Progress progress;
    for (;;) {
        auto step = take_message();
        if (!step) return step.error();
        if (step->taken == 0) {
            progress.taken = bytes.size();
            return progress;
        }
        taken += step->taken;
        seen_.erase(0, step->taken);
        progress.reply += step->reply;
        if (!step->open) continue;
        progress.open = true;
        progress.taken = taken - before;
        return progress;
    }
}

Socks5Connect::Step Socks5Connect::take_message() {
    switch (awaits_) {
    case Awaits::method: return take_method();
    case Awaits::verdict: return take_verdict();
    case Awaits::answer: break;
    }
    return take_answer();
}

Socks5Connect::Step Socks5Connect::take_method() {
    if (!seen_.empty() && byte(0) != version)
        return failure(FailureKind::malformed, "it does not speak SOCKS5");
    if (seen_.size() < 2) return Progress{};
    switch (byte(1)) {
    case no_authentication: awaits_ = Awaits::answer; return Progress{2, request()};
    case by_password:
        if (!with_credentials()) break;
        if (std::max(username_.size(), password_.size()) > most_text)
            return failure(FailureKind::library, "user name or password is longer than SOCKS5 can carry");
        awaits_ = Awaits::verdict;
        return Progress{2, text({credentials_version}) + with_length(username_) + with_length(password_)};
    case no_method:
        return failure(FailureKind::refused,
                       with_credentials() ? "it accepts none of the ways to authenticate that were offered"
                                          : "it wants credentials");
    default: break;
    }
    return failure(FailureKind::malformed, "it chose a way to authenticate that was not offered");
}

Socks5Connect::Step Socks5Connect::take_verdict() {
    if (seen_.size() < 2) return Progress{};
    if (byte(1) != 0) return failure(FailureKind::refused, "it does not accept these credentials");
    awaits_ = Awaits::answer;
    return Progress{2, request()};
}

Socks5Connect::Step Socks5Connect::take_answer() const {
    if (!seen_.empty() && byte(0) != version)
        return failure(FailureKind::malformed, "its answer to CONNECT is not SOCKS5");
    if (seen_.size() < 2) return Progress{};
    if (auto const reply = byte(1); reply != 0)
        return failure(FailureKind::refused,
                       "answered CONNECT with " + std::to_string(reply) +
                           (reply < replies.size() ? ' ' + std::string(replies.at(reply)) : ""));
    if (seen_.size() < 5) return Progress{};
    std::size_t const address = byte(3) == ipv4          ? sizeof(in_addr)
                                : byte(3) == ipv6        ? sizeof(in6_addr)
                                : byte(3) == domain_name ? 1 + std::size_t{byte(4)}
                                                         : 0;
    if (address == 0) return failure(FailureKind::malformed, "its answer to CONNECT has no known address");
    std::size_t const size = 4 + address + 2;
    if (seen_.size() < size) return Progress{};
    return Progress{size, {}, true};
}

std::string Socks5Connect::request() const {
    return text({version, connect, 0}) + address_of(host_) +
           text({static_cast<std::uint8_t>(port_ >> 8), static_cast<std::uint8_t>(port_ & 0xff)});
}

} // namespace alert40::net
