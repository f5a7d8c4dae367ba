#pragma once

#include "net/byte_stream.hpp"
#include "proxy/exchange/exchange.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace alert40::proxy {

/// One connection of an app, whatever it speaks.
class Downstream {
  public:
    virtual ~Downstream() = default;
    /// Answers what is under way, takes nothing new, and closes (GOAWAY, Connection: close). Idle: closes at
    /// once.
    virtual void drain() = 0;
    /// About once a tick: enforce the deadlines of limits.hpp.
    virtual void on_tick(std::chrono::steady_clock::time_point now) = 0;

    std::size_t place = 0; ///< the host's own bookkeeping
};

/// A request with Upgrade: h2c (RFC 7540 section 3.2) that becomes stream 1 of an HTTP/2 connection.
struct Http2Upgrade {
    std::string settings; ///< HTTP2-Settings, base64url-decoded: a SETTINGS payload
    RequestHead head;     ///< without a body; `version` is http1_1
};

/// Who owns downstream connections: the worker.
class DownstreamHost {
  public:
    /// The connection is over. The host destroys it in a later turn; it makes no further call.
    virtual void closed(Downstream& connection) = 0;
    /// The same, and its stream goes on as HTTP/2. "101 Switching Protocols" is in the stream's output
    /// already.
    virtual void upgrade(Downstream& connection, std::unique_ptr<net::ByteStream> stream,
                         Http2Upgrade upgrade) = 0;
    /// The same, and its stream goes on with what is to be TLS for `target`, ended here. "200" is in the
    /// stream's output already.
    virtual void intercept(Downstream& connection, std::unique_ptr<net::ByteStream> stream,
                           policy::Origin const& target) = 0;

  protected:
    ~DownstreamHost() = default;
};

/// How an HTTP/2 connection is broken from its beginning, on purpose.
struct Http2Flaws {
    bool no_settings_ack = false;          ///< the app's SETTINGS are never acknowledged
    bool no_window = false;                ///< what an app would upload finds a window of 0, for ever
    std::optional<std::uint32_t> goaway{}; ///< after our SETTINGS, with this code; then the connection ends

    bool operator==(Http2Flaws const&) const = default;
};

/// What every downstream connection is made from. The references outlive it.
struct DownstreamParts {
    std::unique_ptr<net::ByteStream> stream;
    Dispatcher& dispatcher;
    Entrance const& entrance;
    DownstreamHost& host;
    Http2Flaws http2{};
};

} // namespace alert40::proxy
