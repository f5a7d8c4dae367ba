#include "net/socket.hpp"

#include <unistd.h>

#include <utility>

namespace alert40::net {

Socket& Socket::operator=(Socket&& other) noexcept {
    Socket old{std::exchange(fd_, other.release())};
    return *this;
}

Socket::~Socket() {
    if (open()) ::close(fd_);
}

} // namespace alert40::net
