#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alert40::net {

/// An IP address and a port, as text and as the kernel takes them.
class IpEndpoint {
  public:
    /// Nothing if `literal` is not an address. An IPv6 zone (RFC 4007 section 11) is taken along.
    static std::optional<IpEndpoint> parse(std::string_view literal, std::uint16_t port);

    sockaddr const* data() const { return reinterpret_cast<sockaddr const*>(&storage_); }

    socklen_t size() const { return size_; }

    bool is_v6() const { return storage_.ss_family == AF_INET6; }

    bool is_loopback() const;
    bool is_unspecified() const; ///< 0.0.0.0 or ::

    std::string const& address() const { return address_; } ///< as it was given

    std::uint16_t port() const { return port_; }

    std::string text() const; ///< "192.0.2.1:443", "[2001:db8::1]:443"

    /// The same machine's same port, however the address is spelled: IPv4 inside IPv6 counts as IPv4.
    bool same_place(IpEndpoint const& other) const;
    /// The IPv4 address inside an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2); otherwise itself.
    IpEndpoint unmapped() const;

  private:
    sockaddr_storage storage_{};
    socklen_t size_ = 0;
    std::string address_;
    std::uint16_t port_ = 0;
};

} // namespace alert40::net
