#pragma once

#include "net/byte_stream.hpp"
#include "net/loop/deadline.hpp"
#include "tls/profile.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <vector>

namespace alert40::proxy {

/// Holds back what a watched app says until its ClientHello is whole, and sends that cut in records or
/// segments, as a rule wants it; what comes later follows untouched.
class SplitOutput {
  public:
    /// `stream` outlives it.
    SplitOutput(net::ByteStream& stream, tls::SplitHello split);

    /// Takes bytes of the app, after `watch` has read them.
    void take(std::span<std::uint8_t const> bytes, tls::watch::HandshakeWatch const& watch);

    /// Nothing more comes: what is held goes as it is.
    void end();

    /// It is through: bytes may go straight to the stream.
    bool over() const { return over_; }

    std::size_t held() const { return held_.size(); }

  private:
    void release();
    void send_rest();

    net::ByteStream& stream_;
    tls::SplitHello split_;
    std::vector<std::uint8_t> held_;
    net::Deadline second_segment_;
    bool over_ = false;
};

} // namespace alert40::proxy
