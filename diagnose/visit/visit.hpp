#pragma once

#include "diagnose/visit/conversation.hpp"
#include "net/byte_stream.hpp"
#include "net/dial.hpp"
#include "net/loop/deadline.hpp"

#include <functional>
#include <memory>
#include <string>

namespace alert40::diagnose {

/// What is asked for, and how long an answer is awaited.
struct Request {
    std::string authority;                     ///< for Host and :authority
    std::string target;                        ///< path and query
    std::chrono::milliseconds patience{5'000}; ///< until the head of the response
    std::chrono::milliseconds body{2'000};     ///< until the body has ended, counted from the head
};

/// One GET over a connection that a dial has established, in the protocol that ALPN chose. On the loop's
/// thread; destroying it cancels it.
class Visit final : net::ByteStream::Owner {
  public:
    /// `done` is called once, in a later turn of the loop.
    Visit(net::EventLoop& loop, net::Dialled dialled, Request const& request,
          std::function<void(Visited)> done);
    ~Visit();

  private:
    using Clock = std::chrono::steady_clock;

    void on_readable() override;

    void on_drained() override {}

    void on_broken(tls::Failure const& failure) override;
    bool take(std::span<std::uint8_t const> bytes);
    void note_times();
    void late();
    void finish(std::optional<tls::Failure> failure = std::nullopt);

    std::unique_ptr<Conversation> conversation_;
    net::ByteStream stream_;
    net::Deadline patience_;
    std::chrono::milliseconds for_body_;
    Clock::time_point started_;
    Visited times_; ///< only its times
    std::function<void(Visited)> done_;
};

} // namespace alert40::diagnose
