#pragma once

#include "net/dial.hpp"
#include "net/loop/event_loop.hpp"
#include "policy/policy.hpp"
#include "proxy/exchange/exchange.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace alert40::proxy {

/// A listening socket that shares its port with the other workers' (SO_REUSEPORT). Throws StartError, which
/// names the address. Port 0 takes a free one; `exclusive` first makes sure that no other program has the
/// address.
net::Socket open_listener(policy::Endpoint const& endpoint, bool exclusive);
/// The port that was taken.
policy::Endpoint bound_to(net::Socket const& listener);

/// One listening socket of one worker: hands over what it accepts.
class Listener final : net::Watched {
  public:
    class Host {
      public:
        virtual void accepted(net::Socket socket, std::shared_ptr<Entrance const> entrance) = 0;

      protected:
        ~Host() = default;
    };

    /// `entrance` is shared with the connections that came in here, which may outlive the listener.
    Listener(net::EventLoop& loop, net::Socket socket, std::shared_ptr<Entrance const> entrance, Host& host);
    ~Listener() override;

    Entrance const& entrance() const { return *entrance_; }

    /// Before it goes: those who are connected already, and were not accepted yet.
    void accept_waiting();
    /// Tries again after the process had no file descriptors left.
    void on_tick();

  private:
    void on_ready(bool readable, bool writable, bool hung_up) override;
    bool accept_one();

    net::EventLoop& loop_;
    net::Socket socket_;
    std::shared_ptr<Entrance const> entrance_;
    Host& host_;
    bool resting_ = false;
};

} // namespace alert40::proxy
