#pragma once

#include "net/resolver/resolver.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace alert40::net {

/// The addresses of one family that a name has.
struct DnsAnswer {
    std::vector<ResolvedAddress> addresses; ///< at least one
    std::chrono::seconds ttl{0};            ///< the shortest of the chain's
};

/// Why there are none.
struct DnsFailure {
    tls::FailureKind kind = tls::FailureKind::dns;
    std::string reason;   ///< "no such name (NXDOMAIN)"
    bool no_data = false; ///< the name exists and has none of this family
};

/// How questions travel to one name server, and their answers back. For the loop's thread.
class DnsTransport {
  public:
    using Done = std::function<void(boost::system::result<DnsAnswer, DnsFailure>)>;

    /// Questions that have no answer yet get none any more.
    virtual ~DnsTransport() = default;

    /// A (`AF_INET`) or AAAA (`AF_INET6`) of `host`. `done` is called once, possibly before this returns, and
    /// must not destroy this.
    virtual void ask(std::string const& host, int family, Done done) = 0;
};

} // namespace alert40::net
