#include "proxy/exchange/last_words.hpp"

#include "proxy/message/limits.hpp"

#include <array>
#include <utility>

namespace alert40::proxy {

using tls::engine::Status;

LastWords::LastWords(std::unique_ptr<net::ByteStream> stream, DownstreamHost& host)
    : stream_(std::move(stream))
    , host_(host)
    , until_(stream_->loop().now() + limits::leave_time) {
    stream_->start(*this);
    stream_->close_after_output();
}

void LastWords::on_readable() {
    std::array<std::uint8_t, 4096> nowhere;
    for (std::size_t i = 0; i < limits::reads_per_turn; ++i) {
        auto const status = stream_->read(nowhere).status;
        if (status == Status::want_input) return;
        if (status != Status::ok) return close();
    }
}

void LastWords::on_tick(std::chrono::steady_clock::time_point now) {
    if (now >= until_) close();
}

void LastWords::close() {
    if (!std::exchange(over_, true)) host_.closed(*this);
}

} // namespace alert40::proxy
