#pragma once

#include "policy/rule.hpp"
#include "tls/failure.hpp"

#include <boost/system/result.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace alert40::net {

class DnsTransport;
class EventLoop;
class Resolver;

/// One answer of a lookup, in the order of RFC 6724 as the resolver gave it.
struct ResolvedAddress {
    std::string address; ///< IP literal
    bool operator==(ResolvedAddress const&) const = default;
};

/// How questions travel to a server within TLS; its own name is looked up by `resolver`, which outlives it.
using EncryptedDns = std::function<std::unique_ptr<DnsTransport>(EventLoop& loop, Resolver& resolver,
                                                                 policy::Resolver const& where)>;

/// Looks names up: the system's way (getaddrinfo, so that hosts files and NSS count), or at a named server,
/// which passes the hosts file by: by plain DNS over UDP (TCP when truncated) or TCP, or within TLS. One
/// object a thread.
///
/// `localhost` and what is below it are loopback whoever is asked (RFC 6761 section 6.3).
class Resolver {
  public:
    /// Without `encrypted` (net/encrypted_dns has it), servers that want TLS cannot be asked.
    explicit Resolver(EventLoop& loop, EncryptedDns encrypted = {});
    ~Resolver();
    Resolver(Resolver const&) = delete;
    Resolver& operator=(Resolver const&) = delete;

    using Answer = boost::system::result<std::vector<ResolvedAddress>, tls::Failure>;

    /// An IP literal is its own answer. `done` is called once, in a later turn of the loop's thread, unless
    /// the returned token is destroyed first. An answer that is a value has at least one address.
    class Query {
      public:
        virtual ~Query() = default;
    };

    std::unique_ptr<Query> resolve(policy::Resolver const& how, std::string host,
                                   std::function<void(Answer)> done);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace alert40::net
