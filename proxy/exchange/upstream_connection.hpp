#pragma once

#include "net/byte_stream.hpp"
#include "proxy/exchange/exchange.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace alert40::proxy {

/// One established connection to an origin, whatever it speaks.
class UpstreamConnection {
  public:
    virtual ~UpstreamConnection() = default;
    /// How many more requests can be opened now: 0 or 1 for HTTP/1.1, the peer's stream limit for HTTP/2.
    virtual std::size_t room() const = 0;
    /// How many are under way.
    virtual std::size_t active() const = 0;
    /// Takes one request; the caller passes the result to `exchange.assign`. Only while `room() > 0`.
    virtual Responder& open(Exchange& exchange) = 0;
    /// Whether `request.protocol` (an upgrade) can be carried: always by HTTP/1.1, by HTTP/2 with RFC 8441.
    virtual bool carries_upgrade() const = 0;
    /// False until it is known (HTTP/2: SETTINGS not received yet), when `carries_upgrade` may still change.
    virtual bool settled() const = 0;
    /// Closes when nothing is under way any more; takes nothing new.
    virtual void drain() = 0;
    virtual void on_tick(std::chrono::steady_clock::time_point now) = 0;
    /// Whether `failure`, which is of this connection, was made on purpose on the way to the origin.
    virtual void explain(tls::Failure& failure) const = 0;
};

/// Who owns upstream connections: the pool.
class UpstreamHost {
  public:
    /// `room()` has grown, or `settled()` has changed.
    virtual void has_room(UpstreamConnection& connection) = 0;
    /// Nothing of any response has come on this connection, and the peer refused HTTP/2 itself: GOAWAY or
    /// RST_STREAM with HTTP_1_1_REQUIRED, INADEQUATE_SECURITY or PROTOCOL_ERROR, a connection error on the
    /// preface or SETTINGS, or a cut there. Called before the exchanges on it hear of it, so that what is
    /// dialled for them goes on down the ladder; `closed` follows.
    virtual void http2_broken(UpstreamConnection& connection, tls::Failure const& failure) = 0;
    /// The connection is over, in order (no failure, or one that `http2_broken` has told) or not. Its
    /// exchanges have been told. The host destroys it in a later turn; it makes no further call.
    virtual void closed(UpstreamConnection& connection, std::optional<tls::Failure> failure) = 0;

  protected:
    ~UpstreamHost() = default;
};

} // namespace alert40::proxy
