#include "app/unix_socket.hpp"

#include "app/control_socket.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

namespace alert40::app {

std::optional<UnixSocket> UnixSocket::connect(std::filesystem::path const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    auto const& text = path.native();
    if (text.size() >= sizeof address.sun_path) return std::nullopt;
    text.copy(address.sun_path, text.size());

    UnixSocket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    timeval const patience{control::patience.count(), 0};
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(socket.fd(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        return std::nullopt;
    return socket;
}

UnixSocket::~UnixSocket() {
    if (fd_ >= 0) ::close(fd_);
}

} // namespace alert40::app
