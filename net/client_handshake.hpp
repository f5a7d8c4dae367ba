#pragma once

#include "net/loop/deadline.hpp"
#include "net/socket_watch.hpp"
#include "tls/engine/connection.hpp"
#include "tls/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace alert40::net {

/// The second segment of a split ClientHello waits until the first has left and was read.
inline constexpr std::chrono::milliseconds between_segments{10};
/// Of many.
inline constexpr std::chrono::milliseconds between_small_segments{1};

/// How what we say in a handshake is cut on its way out.
struct Segments {
    enum class Cut : std::uint8_t {
        first, ///< the first one has this size: the hello leaves in two
        all,   ///< none is larger
    };
    std::size_t size = 0; ///< bytes; 0: as they come
    Cut cut = Cut::first;
};

/// Drives the handshake of a connection over its socket.
class ClientHandshake final : Watched {
  public:
    using Done = std::function<void(std::optional<tls::Failure>)>;

    /// Borrows `fd` and `tls`. `done` is called once, possibly during `start`; from within it the destruction
    /// of this is up to EventLoop::destroy_later. After a failure what could be sent of our alert has been
    /// sent.
    ClientHandshake(EventLoop& loop, int fd, tls::engine::Connection& tls, Segments segments, Done done);

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
    void sent_segment(std::size_t sent);
    void send_rest();
    std::size_t sendable() const;
    void cut(tls::FailureKind kind, std::string detail);
    void finish(std::optional<tls::Failure> failure);

    int fd_;
    tls::engine::Connection& tls_;
    Segments segments_;
    SocketWatch watch_;
    Deadline next_segment_; ///< armed between the two
    int send_error_ = 0;    ///< what the peer said before it counts first
    std::optional<std::chrono::steady_clock::time_point> first_byte_;
    Done done_; ///< empty: over
};

} // namespace alert40::net
