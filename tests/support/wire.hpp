#pragma once

#include "net/loop/event_loop.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace alert40::test {

/// The test's end of a connection: what it says, and what it has heard.
class Wire {
  public:
    Wire() {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()) != 0)
            throw std::runtime_error("socketpair");
    }

    ~Wire() { close(); }

    Wire(Wire const&) = delete;
    Wire& operator=(Wire const&) = delete;

    int our_end() const { return ends_[0]; } ///< the proxy's

    void say(std::string_view text) { to_send_ += text; }

    /// FIN, behind all that was said.
    void finish() { finishing_ = true; }

    void close() {
        if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
    }

    /// Moves what can be moved. True: something was.
    bool pump() {
        if (ends_[1] < 0) return false;
        bool moved = false;
        while (!to_send_.empty()) {
            auto const n = ::send(ends_[1], to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
            if (n <= 0) break;
            to_send_.erase(0, static_cast<std::size_t>(n));
            moved = true;
        }
        if (to_send_.empty() && std::exchange(finishing_, false)) {
            ::shutdown(ends_[1], SHUT_WR);
            moved = true;
        }
        while (reading && !ended && !reset) {
            std::array<char, 65536> bytes{};
            auto const n = ::recv(ends_[1], bytes.data(), bytes.size(), 0);
            if (n > 0) heard.append(bytes.data(), static_cast<std::size_t>(n));
            if (n == 0) ended = true;
            if (n < 0 && errno == ECONNRESET) reset = true;
            if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
            moved = true;
        }
        return moved;
    }

    /// What was heard since the last time.
    std::string hear() { return std::exchange(heard, {}); }

    /// What was said and has not left: the proxy does not read it.
    std::size_t stuck() const { return to_send_.size(); }

    std::string heard;
    bool reading = true;
    bool ended = false;
    bool reset = false;

  private:
    std::array<int, 2> ends_{-1, -1};
    std::string to_send_;
    bool finishing_ = false;
};

/// Goes on until nobody has anything left to say; `pump()` moves what the wires hold, and says whether it
/// did.
template <typename Pump>
void settle_all(net::EventLoop& loop, Pump pump) {
    constexpr int far_more_than_needed = 100'000;
    for (int quiet = 0, turns = 0; quiet < 3; ++turns) {
        if (turns == far_more_than_needed) throw std::runtime_error("the two sides never come to rest");
        bool moved = pump();
        moved |= loop.turn(std::chrono::milliseconds{0});
        quiet = moved ? 0 : quiet + 1;
    }
}

} // namespace alert40::test
