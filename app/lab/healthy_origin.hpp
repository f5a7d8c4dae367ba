#pragma once

#include <cstdint>
#include <memory>

namespace alert40::app::lab {

/// An origin without faults, on a free port of 127.0.0.1, over HTTP/1.1 without TLS: says which entry was
/// asked, in /bytes/N with N bytes more, and echoes what comes over a WebSocket. On a thread of its own.
class HealthyOrigin {
  public:
    /// Throws boost::system::system_error where it cannot listen.
    HealthyOrigin();
    /// Ends every connection.
    ~HealthyOrigin();
    HealthyOrigin(HealthyOrigin const&) = delete;
    HealthyOrigin& operator=(HealthyOrigin const&) = delete;

    std::uint16_t port() const;

  private:
    class Server;
    std::unique_ptr<Server> server_;
};

} // namespace alert40::app::lab
