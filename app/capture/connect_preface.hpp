#pragma once

#include "app/capture/link_layer.hpp"

#include <string>

namespace alert40::app::capture {

/// What a client and its proxy say before the TLS begins: CONNECT, and the answer (RFC 9110 section 9.3.6).
///
///     client --- CONNECT host:port ... ---> proxy
///            <-- HTTP/1.1 200 ... ---------              then TLS, both ways
///
/// A client that begins with something else has no preface. Each call takes what belongs to the preface and
/// returns the rest.
class ConnectPreface {
  public:
    static constexpr std::size_t longest_head = 16 * 1024;

    Bytes client_sent(Bytes bytes);
    Bytes server_sent(Bytes bytes);

    bool over() const { return state_ == State::over; }

    /// The client has spoken CONNECT, to this `host:port`; empty: no.
    std::string const& target() const { return target_; }

    /// The status line of a proxy that refused; empty: it did not.
    std::string const& refusal() const { return refusal_; }

  private:
    enum class State { unknown, asking, asked, refused, over };

    std::string head_; ///< so far
    State state_ = State::unknown;
    std::string target_, refusal_;
};

/// A TLS handshake record with a ClientHello, or CONNECT: what clients begin with, as far as the bytes go.
bool begins_like_a_client(Bytes bytes);

} // namespace alert40::app::capture
