#pragma once

#include "fuzz/demand.hpp"
#include "support/h2_scene.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace alert40::fuzz {

/// A hostile peer on the other end of a stage: says bytes, and reads or does not.
class HostilePeer {
  public:
    /// Owns `fd`.
    HostilePeer(test::H2Stage& stage, int fd, bool reads)
        : stage_(stage)
        , fd_(fd)
        , reads_(reads) {}

    ~HostilePeer() { hang_up(); }

    HostilePeer(HostilePeer const&) = delete;
    HostilePeer& operator=(HostilePeer const&) = delete;

    void say(std::span<std::uint8_t const> bytes) {
        if (fd_ >= 0 && !bytes.empty()) ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        turn();
    }

    void say(std::string_view text) {
        say(std::span{reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
    }

    /// Lets our side come to rest.
    void turn() {
        constexpr int far_more_than_needed = 10'000;
        int turns = 0;
        while (stage_.turn() || receive())
            demand(++turns < far_more_than_needed);
    }

    void hang_up() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

    std::size_t received() const { return received_; }

  private:
    bool receive() {
        if (fd_ < 0 || !reads_) return false;
        std::array<char, 64 * 1024> bytes;
        auto const n = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (n > 0) received_ += static_cast<std::size_t>(n);
        return n > 0;
    }

    test::H2Stage& stage_;
    int fd_;
    bool reads_;
    std::size_t received_ = 0;
};

/// The rest of the input in pieces as they may arrive.
template <typename Say>
void in_pieces(std::span<std::uint8_t const> input, std::size_t piece, Say say) {
    while (!input.empty()) {
        auto const n = std::min(piece, input.size());
        say(input.first(n));
        input = input.subspan(n);
    }
}

} // namespace alert40::fuzz
