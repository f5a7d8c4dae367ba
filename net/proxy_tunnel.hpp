#pragma once

#include "net/proxy_dialogue.hpp"
#include "net/socket_watch.hpp"
#include "tls/failure.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace alert40::net {

/// Asks a proxy, over a socket that is connected to it, for a tunnel.
class ProxyTunnel final : Watched {
  public:
    using Done = std::function<void(std::optional<tls::Failure>)>;

    /// Borrows `fd`. `done` is called once, possibly during `start`; from within it the destruction of this
    /// is up to EventLoop::destroy_later.
    ProxyTunnel(EventLoop& loop, int fd, std::unique_ptr<ProxyDialogue> dialogue, Done done);

    void start();
    void cancel();

    tls::Failure failure(tls::FailureKind kind, std::string_view detail) const {
        return dialogue_->failure(kind, detail);
    }

  private:
    void on_ready(bool readable, bool writable, bool hung_up) override;
    void send();
    void receive();
    void finish(std::optional<tls::Failure> failure);

    int fd_;
    std::unique_ptr<ProxyDialogue> dialogue_;
    std::string unsent_;
    SocketWatch watch_;
    Done done_; ///< empty: over
};

} // namespace alert40::net
