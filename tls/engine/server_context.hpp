#pragma once

#include "tls/engine/client_context.hpp"

#include <memory>

namespace alert40::tls::engine {

/// What every handshake with an app shares: one SSL_CTX that takes TLS 1.0 to 1.3 with whatever the app
/// offers, because the app is on this machine and its weakness is not ours to refuse. Session tickets are
/// given, so that an app that comes again pays no signature. Immutable; shared by all threads.
class ServerContext {
  public:
    /// Throws std::bad_alloc only.
    static std::shared_ptr<ServerContext const> make(KeyLog key_log = {});
    ~ServerContext();
    ServerContext(ServerContext const&) = delete;
    ServerContext& operator=(ServerContext const&) = delete;

    struct State;

    State& state() const { return *state_; } ///< for the engine alone

  private:
    explicit ServerContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace alert40::tls::engine
