#pragma once

#include "app/capture/connect_preface.hpp"
#include "app/capture/one_way.hpp"
#include "record/handshake_record.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace alert40::app::capture {

using Time = std::chrono::system_clock::time_point;

/// One TCP connection of a capture, read along:
///
///     SYN, SYN-ACK        who is who, and how long it took
///     CONNECT, 200        skipped, where there is a proxy
///     TLS, both ways      to the HandshakeWatch
///     FIN, RST, the end   what it is judged by
class Connection {
  public:
    /// The first segment that is to be had of it: a SYN, or, where the capture began later, what a client
    /// begins with. Its sender is the client.
    Connection(Segment const& first, Time time);

    void take(Segment const& segment, Time time);

    /// The record of what was seen, as of the last packet of the whole capture; `id` is the number of the
    /// connection. Nothing where neither a handshake nor the attempt at a connection was seen.
    std::optional<record::HandshakeRecord> record(std::string id, Time last_packet) const;

    /// This SYN begins another connection between the same ports.
    bool is_another(Segment const& syn) const;

    Time last() const { return last_; }

  private:
    bool from_client(Segment const& segment) const { return segment.from == client_; }

    void pass(bool from_client, Bytes bytes, Time time);
    void note_end(Segment const& segment, bool from_client);
    std::optional<tls::Failure> failure_before_tls() const;
    std::optional<tls::Failure> failure(Time last_packet) const;
    bool incomplete() const;
    bool left_waiting(Time last_packet) const;
    record::Target target() const;
    record::Timing timing() const;

    struct End {
        tls::By who;
        tls::FailureKind kind;
    };

    Endpoint client_, server_;
    std::uint32_t first_sequence_ = 0;
    bool syn_seen_ = false, accepted_ = false;
    std::size_t syns_ = 0;
    Time begun_, last_;
    std::optional<Time> stood_, hello_,
        answered_;             ///< the connection, the hello, the first byte of the answer
    std::optional<Time> over_; ///< when it was cut
    OneWay up_, down_;
    ConnectPreface preface_;
    tls::watch::HandshakeWatch watch_;
    std::optional<End> end_; ///< the first one
};

} // namespace alert40::app::capture
