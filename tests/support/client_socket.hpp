#pragma once

#include "support/scripted_peer.hpp"

namespace alert40::test {

/// A client of a port of this machine, blocking.
class ClientSocket : public PeerSocket {
  public:
    explicit ClientSocket(std::uint16_t port)
        : PeerSocket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_port = htons(port);
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(fd(), reinterpret_cast<sockaddr*>(&place), sizeof place) == 0;
    }

    bool connected() const { return connected_; }

  private:
    bool connected_ = false;
};

} // namespace alert40::test
