#pragma once

#include "diagnose/hello/hello.hpp"
#include "diagnose/probe/answer.hpp"
#include "net/dial.hpp"

#include <functional>
#include <memory>

namespace alert40::net {
class EventLoop;
class Resolver;
} // namespace alert40::net

namespace alert40::diagnose {

/// One hello to one server.
struct ProbeRequest {
    /// The way there. `context` is not looked at; `timeouts.handshake` is what the flight may take;
    /// `ordeal` cuts the hello in records or segments, or delays it.
    net::DialRequest dial;
    Hello hello;
    /// The hello leaves with the random, the session id and the key shares that it has, and what the server
    /// encrypts cannot be read. Otherwise they are made anew (`freshened`).
    bool as_it_is = false;
};

struct Probed {
    /// As of any dial: `failure` only where no connection came about; `first_byte` and `total` are of the
    /// flight.
    net::DialReport dial;
    Answer answer; ///< its failure is the dial's where that has one
    Hello sent;
};

/// A probe under way. Destroying it closes the connection; the callback is then not called.
class Probe {
  public:
    virtual ~Probe() = default;
};

/// Connects, sends the hello, reads the server's first flight and closes, without an answer to it. On the
/// loop's thread; `done` is called once, in a later turn. `loop` and `resolver` outlive it.
std::unique_ptr<Probe> start_probe(net::EventLoop& loop, net::Resolver& resolver, ProbeRequest request,
                                   std::function<void(Probed)> done);

} // namespace alert40::diagnose
