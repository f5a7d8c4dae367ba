#pragma once

#include "bytes/byte_queue.hpp"
#include "net/hello_stage.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "net/ordeal.hpp"
#include "net/rough_leg.hpp"
#include "net/socket.hpp"
#include "net/socket_watch.hpp"
#include "tls/failure.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace alert40::net {

/// A stretch of the way to an origin that fails on purpose. Whoever dials gets one end of a socketpair
/// instead of the connection, and this carries the bytes between:
///
///     dial, TLS, HTTP == near end ==[ hello stage, sent leg ]==> far end == origin
///                                <==[        received leg   ]==
///
/// So what dials and what carries data know nothing of it, and cost nothing where there is none.
class RoughPath final {
  public:
    /// `far` is connected. The error is of the system: no descriptors.
    static boost::system::result<std::unique_ptr<RoughPath>> make(EventLoop& loop, Socket far,
                                                                  Ordeal const& ordeal);
    /// What the near end has said is passed on as far as that goes at once, and both ends close.
    ~RoughPath();
    RoughPath(RoughPath const&) = delete;
    RoughPath& operator=(RoughPath const&) = delete;

    /// What the dial goes on with; once.
    Socket take_near_end() { return std::move(given_); }

    /// Bytes pass from now on.
    void start() { pump(); }

    /// How it ended for the near end, which reads no more than the end of a stream: made here (`injected`),
    /// or by a reset of the origin's. Nothing: it goes on, or ended in order.
    std::optional<tls::Failure> const& end() const { return end_; }

    /// A failure that the near end took for its peer's doing, set right.
    void explain(tls::Failure& failure) const;

    /// The ClientHello as it left, record headers included; empty: none has.
    std::span<std::uint8_t const> hello() const { return stage_.hello(); }

  private:
    struct End final : Watched {
        End(RoughPath& of, EventLoop& loop, Socket open)
            : path(of)
            , socket(std::move(open))
            , watch(loop, *this) {}

        void on_ready(bool readable, bool writable, bool hung_up) override;

        RoughPath& path;
        Socket socket;
        SocketWatch watch;     ///< after the socket, which it leaves before that closes
        bool ended = false;    ///< it says no more
        int error = 0;         ///< what broke it
        bool end_sent = false; ///< it was told that no more comes
        bool broken = false;   ///< it takes no more
        bool blocked = false;  ///< its send buffer is full
    };

    struct Way { ///< one direction
        End& from;
        End& to;
        RoughLeg leg;
        bytes::ByteQueue waiting{};
        bool silent = false; ///< what comes is dropped
    };

    RoughPath(EventLoop& loop, Socket far, Socket near, Socket given, Ordeal const& ordeal);
    void pump();
    void receive(Way& way);
    void release_parts();
    void pass(Way& way);
    void strike(Way& way);
    void end_here(PathFault::Kind kind);
    void end_with(tls::Failure failure);
    void look_again();
    bool has_room(Way const& way) const;
    bool holds_back() const;

    Socket given_;
    End near_, far_;
    Way sent_, received_;
    HelloStage stage_;
    Deadline part_, slice_;
    bool hello_left_ = false;
    std::optional<tls::Failure> end_;
};

} // namespace alert40::net
