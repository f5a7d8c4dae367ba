#pragma once

#include "net/http_connect.hpp"
#include "net/socket_watch.hpp"
#include "tls/failure.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace alert40::net {

/// Asks an HTTP proxy, over a socket that is connected to it, for a tunnel.
class ProxyTunnel final : Watched {
  public:
    using Done = std::function<void(std::optional<tls::Failure>)>;

    /// Borrows `fd`. `done` is called once, possibly during `start`; from within it the destruction of this
    /// is up to EventLoop::destroy_later.
    ProxyTunnel(EventLoop& loop, int fd, std::string const& host, std::uint16_t port,
                policy::Via const& proxy, Done done);

    void start();
    void cancel();

    tls::Failure failure(tls::FailureKind kind, std::string_view detail) const {
        return answer_.failure(kind, detail);
    }

  private:
    void on_ready(bool readable, bool writable, bool hung_up) override;
    void send();
    void receive();
    void finish(std::optional<tls::Failure> failure);

    int fd_;
    std::string request_; ///< what of it has not been sent
    ConnectAnswer answer_;
    SocketWatch watch_;
    Done done_; ///< empty: over
};

} // namespace alert40::net
