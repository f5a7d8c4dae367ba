#pragma once

#include "tls/ca/authority.hpp"
#include "tls/engine/server_context.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace alert40::proxy {

/// What all threads share to end the TLS of apps: the authority, made on first need, the context, and which
/// hosts' apps did not trust it. Thread-safe; asked once a connection.
class Interceptor {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Interceptor(tls::ca::Files files);

    /// From now on. The authority of other files is loaded when it is needed.
    void use(tls::ca::Files files);

    /// A leaf, or one line that says why there is none.
    using Leaf = boost::system::result<std::shared_ptr<tls::engine::Identity const>, std::string>;

    /// For a name or an address; with a key of RSA for an app that takes no other.
    Leaf leaf_for(std::string_view host, bool rsa = false);
    /// One that an app has to refuse.
    Leaf flawed_leaf_for(std::string_view host, tls::Flaw flaw);

    std::shared_ptr<tls::engine::ServerContext const> const& context() const { return context_; }

    /// `host` is to be watched for so long. Bounded: what ends first makes room.
    void distrust(std::string host, std::chrono::milliseconds time);
    bool distrusted(std::string_view host) const;

  private:
    boost::system::result<std::shared_ptr<tls::ca::Authority const>, std::string> authority();

    std::shared_ptr<tls::engine::ServerContext const> context_; ///< shared with every connection
    mutable std::mutex mutex_;
    tls::ca::Files files_;
    std::shared_ptr<tls::ca::Authority const> authority_; ///< null: not needed yet
    std::map<std::string, Clock::time_point, std::less<>> distrusted_;
};

} // namespace alert40::proxy
