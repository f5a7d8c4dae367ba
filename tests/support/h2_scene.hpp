#pragma once

#include "net/byte_stream.hpp"
#include "net/loop/event_loop.hpp"
#include "net/socket.hpp"
#include "support/h2_peer.hpp"

#include <sys/socket.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace alert40::test {

/// A real loop and a real byte stream on one end of a socket pair, and a peer on the other, in one thread:
/// nothing is timed, `settle` goes on until neither side has anything left to say.
class H2Stage {
  public:
    H2Stage() {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()) != 0)
            throw std::runtime_error("socketpair");
    }

    std::unique_ptr<net::ByteStream> our_end(tls::By side) {
        return std::make_unique<net::ByteStream>(loop, net::Socket{ends_[0]}, nullptr, side);
    }

    int their_end() const { return ends_[1]; }

    /// Some turns of our side alone.
    bool turn() { return loop.turn(std::chrono::milliseconds{0}); }

    void settle(H2Peer& peer) {
        constexpr int far_more_than_needed = 100'000;
        for (int quiet = 0, turns = 0; quiet < 3; ++turns) {
            if (turns == far_more_than_needed) throw std::runtime_error("the two sides never come to rest");
            bool const moved = peer.pump();
            quiet = turn() || moved ? 0 : quiet + 1;
        }
    }

    net::EventLoop loop;

  private:
    std::array<int, 2> ends_{};
};

} // namespace alert40::test
