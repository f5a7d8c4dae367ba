#pragma once

#include "net/ordeal.hpp"
#include "net/rough_path.hpp"
#include "net/socket.hpp"
#include "policy/ladder.hpp"
#include "policy/policy.hpp"
#include "policy/rule.hpp"
#include "tls/engine/client_context.hpp"
#include "tls/engine/connection.hpp"
#include "tls/failure.hpp"
#include "tls/handshake.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alert40::net {

struct EnvironmentProxy;
class EventLoop;
class Resolver;

/// One attempt to reach an origin: resolve, connect, handshake, under one profile.
struct DialRequest {
    policy::Origin origin;
    policy::Resolver resolver;
    std::optional<policy::Address> address;
    policy::Via via;
    policy::Timeouts timeouts; ///< `connect` covers resolving and connecting; `total` is this dial's
    std::shared_ptr<tls::engine::ClientContext const> context; ///< null: plain http, no handshake
    tls::engine::ClientOptions options;
    std::optional<Ordeal> ordeal;                ///< what the connection suffers on purpose, once it stands
    std::vector<policy::Endpoint> own_listeners; ///< connecting to one of these is a loop
    EnvironmentProxy const* environment =
        nullptr; ///< for `via` of that kind; null: this process's, read once
};

/// What one dial came to, for the record: complete whether it succeeded or not.
struct DialReport {
    std::optional<tls::Failure> failure; ///< absent: established
    bool loop = false;                   ///< the address was one of our own listeners
    tls::Handshake handshake;
    std::string address; ///< IP literal that was connected to, or tried last
    std::uint16_t port = 0;
    std::string resolver; ///< "system", "udp://9.9.9.9", "pinned"; "literal": the target is an address;
                          ///< "proxy": the upstream proxy looks the name up
    std::string via;      ///< "direct", "http://proxy:3128"
    std::chrono::system_clock::time_point started;
    std::optional<std::chrono::microseconds> resolve, connect, first_byte; ///< from the start
    std::chrono::microseconds total{0};
};

struct Dialled {
    DialReport report;
    std::unique_ptr<RoughPath> path; ///< what the socket leads through; null without an ordeal
    Socket socket;                   ///< non-blocking, TCP_NODELAY; open exactly without a failure
    std::unique_ptr<tls::engine::Connection> tls; ///< established; null for plain http
};

/// A dial under way. Destroying it cancels it; the callback is then not called.
class Dial {
  public:
    virtual ~Dial() = default;
};

/// Starts a dial on the loop's thread. `done` is called once, in a later turn of the same thread. `loop` and
/// `resolver` outlive it.
std::unique_ptr<Dial> start_dial(EventLoop& loop, Resolver& resolver, DialRequest request,
                                 std::function<void(Dialled)> done);

} // namespace alert40::net
