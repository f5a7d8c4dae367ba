#pragma once

#include "net/ip_endpoint.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "net/socket.hpp"
#include "tls/failure.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace alert40::net {

/// Connects to the first of several addresses that answers (RFC 8305 section 5): the families take turns,
/// each attempt has a head start on the next one, and one that fails lets the next one start at once.
class ConnectRace {
  public:
    static constexpr std::chrono::milliseconds head_start{250}; ///< RFC 8305: "Connection Attempt Delay"
    static constexpr std::size_t most_attempts = 16;

    struct Connected {
        Socket socket; ///< non-blocking, close-on-exec, TCP_NODELAY
        IpEndpoint endpoint;
    };

    using Result = boost::system::result<Connected, tls::Failure>;

    /// `done` is called once: during `start` where the kernel knows at once, otherwise later. Destroying the
    /// race closes what it opened; from within `done` its destruction is up to EventLoop::destroy_later.
    ConnectRace(EventLoop& loop, std::vector<IpEndpoint> endpoints, std::function<void(Result)> done);
    ~ConnectRace();
    ConnectRace(ConnectRace const&) = delete;
    ConnectRace& operator=(ConnectRace const&) = delete;

    void start();
    /// Gives up and closes everything; `done` is not called.
    void cancel();

    /// The address that was tried last.
    IpEndpoint const& last_tried() const { return endpoints_[next_ - 1]; }

    /// What came of each address so far: "127.0.0.2:443: connection refused, 127.0.0.3:443: no answer".
    std::string outcomes() const;

  private:
    class Attempt;
    void start_next();
    void succeeded(Attempt& attempt);
    void failed(Attempt& attempt, int error);
    tls::Failure failure() const;

    EventLoop& loop_;
    std::vector<IpEndpoint> endpoints_;
    std::function<void(Result)> done_; ///< empty: over
    std::size_t next_ = 0;
    std::vector<std::unique_ptr<Attempt>> attempts_; ///< kept until the end: one may be on the stack
    Deadline head_start_;
};

} // namespace alert40::net
