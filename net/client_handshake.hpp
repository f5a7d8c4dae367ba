#pragma once

#include "net/loop/deadline.hpp"
#include "net/socket_watch.hpp"
#include "tls/engine/connection.hpp"
#include "tls/failure.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace alert40::net {

/// The second segment of a split ClientHello waits until the first has left and was read.
inline constexpr std::chrono::milliseconds between_segments{10};

/// Drives the handshake of a client connection over its socket.
class ClientHandshake final : Watched {
  public:
    using Done = std::function<void(std::optional<tls::Failure>)>;

    /// Borrows `fd` and `tls`. `first_segment`: the bytes of the ClientHello flight that travel alone; 0: it
    /// is not cut. `done` is called once, possibly during `start`; from within it the destruction of this is
    /// up to EventLoop::destroy_later. After a failure what could be sent of our alert has been sent.
    ClientHandshake(EventLoop& loop, int fd, tls::engine::Connection& tls, std::size_t first_segment,
                    Done done);

    void start();
    void cancel();
    /// Ends it without an answer, `after` so long; `done` is called.
    void time_out(std::chrono::milliseconds after);

    /// When the server's first byte came.
    std::optional<std::chrono::steady_clock::time_point> first_byte() const { return first_byte_; }

  private:
    void on_ready(bool readable, bool writable, bool hung_up) override;
    void receive();
    void advance();
    void send();
    std::size_t sendable() const;
    void cut(tls::FailureKind kind, std::string detail);
    void finish(std::optional<tls::Failure> failure);

    int fd_;
    tls::engine::Connection& tls_;
    std::size_t first_segment_;
    SocketWatch watch_;
    Deadline second_segment_; ///< armed between the two
    int send_error_ = 0;      ///< what the peer said before it counts first
    std::optional<std::chrono::steady_clock::time_point> first_byte_;
    Done done_; ///< empty: over
};

} // namespace alert40::net
