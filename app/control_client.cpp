#include "app/control_socket.hpp"
#include "app/exit.hpp"
#include "app/folders.hpp"
#include "app/unix_socket.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace alert40::app {

namespace {

[[noreturn]] void fail(std::string const& what) {
    throw CommandError(what + ": " + std::strerror(errno));
}

/// The connections to every proxy that runs, with its port.
struct Running {
    std::uint16_t port;
    UnixSocket socket;
};

std::vector<Running> running_proxies() {
    std::vector<Running> running;
    for (auto const port : control::ports())
        if (auto socket = UnixSocket::connect(control::socket_of(port)))
            running.push_back({port, std::move(*socket)});
    return running;
}

UnixSocket the_only_one() {
    auto running = running_proxies();
    if (running.empty())
        throw CommandError("no proxy of this user runs (looked in " + runtime_folder().string() +
                           "); alert40 run starts one");
    if (running.size() == 1) return std::move(running.front().socket);
    std::string choices;
    for (auto const& one : running)
        choices += " --port " + std::to_string(one.port);
    throw CommandError(std::to_string(running.size()) + " proxies run; say which:" + choices);
}

UnixSocket the_one_on(std::uint16_t port) {
    auto socket = UnixSocket::connect(control::socket_of(port));
    if (!socket) throw CommandError("no proxy of this user runs on port " + std::to_string(port));
    return std::move(*socket);
}

void send_all(UnixSocket const& socket, std::string_view text) {
    while (!text.empty()) {
        auto const sent = ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) fail("cannot ask the running proxy");
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string receive_line(UnixSocket const& socket) {
    std::string line;
    std::array<char, 64 * 1024> chunk;
    while (line.size() < control::longest_answer) {
        auto const got = ::recv(socket.fd(), chunk.data(), chunk.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("the running proxy does not answer");
        if (got == 0) break;
        line.append(chunk.data(), static_cast<std::size_t>(got));
        if (line.ends_with('\n')) return line;
    }
    throw CommandError("the running proxy broke off in the middle of its answer");
}

} // namespace

std::size_t running_proxy_count() {
    return running_proxies().size();
}

std::string ask_running_proxy(std::optional<std::uint16_t> port, std::string const& request) {
    auto const socket = port ? the_one_on(*port) : the_only_one();
    send_all(socket, request + '\n');
    return receive_line(socket);
}

} // namespace alert40::app
