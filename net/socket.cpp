#include "net/socket.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace alert40::net {

Socket& Socket::operator=(Socket&& other) noexcept {
    Socket old{std::exchange(fd_, other.release())};
    was_reset_ = std::move(other.was_reset_);
    return *this;
}

Socket::~Socket() {
    if (open()) ::close(fd_);
}

void Socket::reset_at_end() {
    linger const at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (was_reset_) *was_reset_ = true;
}

} // namespace alert40::net
