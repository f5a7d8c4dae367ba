#pragma once

#include "tls/engine/client_context.hpp"
#include "tls/server_limits.hpp"

#include <boost/system/result.hpp>

#include <memory>
#include <string>

namespace alert40::tls::engine {

/// What every handshake with an app shares: one SSL_CTX that takes TLS 1.0 to 1.3 with whatever the app
/// offers, because the app is on this machine and its weakness is not ours to refuse. Session tickets are
/// given, so that an app that comes again pays no signature. Immutable; shared by all threads.
class ServerContext {
  public:
    /// Throws std::bad_alloc only.
    static std::shared_ptr<ServerContext const> make(KeyLog key_log = {});
    /// One that speaks only a part of TLS. Where nothing fits, the client gets the alert of RFC 8446 or 5246.
    /// The error is one line that names the limit and what of it this OpenSSL cannot do.
    static boost::system::result<std::shared_ptr<ServerContext const>, std::string>
    make(KeyLog key_log, ServerLimits const& limits);
    ~ServerContext();
    ServerContext(ServerContext const&) = delete;
    ServerContext& operator=(ServerContext const&) = delete;

    /// True where an RSA certificate has to be shown: none of the suites up to TLS 1.2 goes with ECDSA.
    bool needs_rsa() const;

    struct State;

    State& state() const { return *state_; } ///< for the engine alone

  private:
    explicit ServerContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace alert40::tls::engine
