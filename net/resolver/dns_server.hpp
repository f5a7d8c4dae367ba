#pragma once

#include "net/resolver/dns_transport.hpp"
#include "net/resolver/lookup.hpp"
#include "policy/rule.hpp"

#include <memory>
#include <string>

namespace alert40::net {

class EventLoop;

/// One name server. A and AAAA are asked for together (RFC 8305) and sorted as RFC 6724 says; no hosts file,
/// no search list. Answers are kept for as long as they say.
class DnsServer {
  public:
    DnsServer(EventLoop& loop, policy::Resolver where, std::unique_ptr<DnsTransport> transport);
    ~DnsServer();
    DnsServer(DnsServer const&) = delete;
    DnsServer& operator=(DnsServer const&) = delete;

    bool is(policy::Resolver const& where) const;
    bool idle() const; ///< no question is under way
    /// Answers `lookup` in a later turn. Too many at once is a failure.
    void start(std::string host, std::shared_ptr<Lookup> lookup);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace alert40::net
