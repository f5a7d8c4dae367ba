#pragma once

#include "net/dial.hpp"
#include "net/loop/deadline.hpp"
#include "policy/decision.hpp"
#include "policy/origin.hpp"
#include "record/sink.hpp"
#include "tls/watch/handshake_watch.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

namespace alert40::proxy {

/// The one record of a tunnel that is only watched: gathered from the dial and from the bytes that pass,
/// written once, as soon as nothing more can be learned.
class WatchedHandshake {
  public:
    using Clock = std::chrono::steady_clock;

    /// `loop` and `sink` outlive it.
    WatchedHandshake(net::EventLoop& loop, record::Sink& sink, policy::Origin const& origin,
                     policy::Decision const& decision, std::string listener);

    /// The way there is open, or not, and then that is the record.
    void dialled(net::DialReport report);

    /// The way there fails on purpose.
    void injected(std::string rule, std::vector<std::string> notes);

    /// Bytes as they pass. False: there is nothing more to learn, and the record is written.
    bool client_sent(std::span<std::uint8_t const> bytes);
    bool server_sent(std::span<std::uint8_t const> bytes);

    /// The app says no more. What the server answers to that in a moment counts; else it was the app that
    /// left.
    void app_ended();

    /// The tunnel is over; a second call says nothing. `injected`: we have cut it.
    void ended(tls::By who, tls::FailureKind kind);

    tls::watch::HandshakeWatch const& watch() const { return watch_; }

  private:
    bool settle();
    void write(std::optional<tls::Failure> failure);

    record::Sink& sink_;
    record::HandshakeRecord record_;
    tls::watch::HandshakeWatch watch_;
    Clock::time_point started_ = Clock::now();
    net::Deadline answer_; ///< of the server, armed once the app has ended
    bool written_ = false;
};

} // namespace alert40::proxy
