#include "proxy/tunnel/split_output.hpp"

#include "net/client_handshake.hpp"
#include "tls/engine/split_hello.hpp"

#include <algorithm>

namespace alert40::proxy {

using tls::SplitHello;
using tls::watch::Stage;

SplitOutput::SplitOutput(net::ByteStream& stream, SplitHello split)
    : stream_(stream)
    , split_(split)
    , second_segment_(stream.loop()) {}

void SplitOutput::take(std::span<std::uint8_t const> bytes, tls::watch::HandshakeWatch const& watch) {
    held_.insert(held_.end(), bytes.begin(), bytes.end());
    if (second_segment_.armed() || (watch.stage() == Stage::undecided && !watch.done())) return;
    bool const whole = watch.stage() != Stage::not_tls && !watch.hello_bytes().empty();
    if (!whole || split_.mode == SplitHello::Mode::none) return send_rest();
    release();
}

void SplitOutput::end() {
    if (!over_) send_rest();
}

void SplitOutput::release() {
    if (split_.mode == SplitHello::Mode::record) {
        held_ = tls::engine::split_first_record(held_, split_.at);
        return send_rest();
    }
    auto const first = std::min<std::size_t>(split_.at, held_.size());
    stream_.output().append(std::span(held_).first(first));
    stream_.flush_soon();
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(first));
    second_segment_.arm(net::between_segments, [this] { send_rest(); });
}

void SplitOutput::send_rest() {
    over_ = true;
    second_segment_.disarm();
    stream_.output().append(held_);
    stream_.flush_soon();
    held_ = {};
}

} // namespace alert40::proxy
