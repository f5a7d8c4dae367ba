#pragma once

#include "bytes/byte_queue.hpp"
#include "support/catch.hpp"
#include "support/h2_peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <concepts>
#include <memory>
#include <span>
#include <utility>

namespace alert40::test {

/// The server of a client that has bytes in and bytes out, and no socket.
class H2Server {
  public:
    explicit H2Server(H2Peer::Options options = {}) {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
        client_ = ends[0];
        peer_ = std::make_unique<H2Peer>(ends[1], H2Peer::Role::server, std::move(options));
    }

    ~H2Server() { ::close(client_); }

    H2Server(H2Server const&) = delete;
    H2Server& operator=(H2Server const&) = delete;

    H2Peer* operator->() { return peer_.get(); }

    H2Peer& operator*() { return *peer_; }

    /// The stream that the client has opened, and no other.
    std::int32_t only_stream() {
        REQUIRE(peer_->opened().size() == 1);
        return peer_->opened().front();
    }

    /// What the one side says gets to the other, until nobody says anything or `receive`, the client's, is
    /// false. Whether it is still true.
    bool pump(bytes::ByteQueue& out, std::predicate<std::span<std::uint8_t const>> auto receive) {
        std::array<std::uint8_t, 4096> buffer;
        for (bool moved = true; moved;) {
            moved = !out.empty();
            REQUIRE(::send(client_, out.data().data(), out.size(), 0) == static_cast<ssize_t>(out.size()));
            out.clear();
            moved = peer_->pump() || moved;
            for (ssize_t n = 0; (n = ::recv(client_, buffer.data(), buffer.size(), 0)) > 0; moved = true)
                if (!receive(std::span{buffer}.first(static_cast<std::size_t>(n)))) return false;
        }
        return true;
    }

  private:
    int client_ = -1;
    std::unique_ptr<H2Peer> peer_;
};

} // namespace alert40::test
