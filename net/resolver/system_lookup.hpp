#pragma once

#include "net/resolver/lookup.hpp"

#include <memory>
#include <string>

namespace alert40::net {

class EventLoop;

/// getaddrinfo, which blocks, on a few threads of its own. A lookup cannot be interrupted: one that nobody
/// waits for any more ends by itself, and so do the threads after this object is gone.
class SystemLookup {
  public:
    explicit SystemLookup(EventLoop& loop);
    ~SystemLookup();
    SystemLookup(SystemLookup&&) = default;

    /// Answers `lookup` in a later turn. Too many at once is a failure.
    void start(std::string host, std::shared_ptr<Lookup> lookup);

  private:
    struct Workers;
    std::shared_ptr<Workers> workers_; ///< shared with the threads
};

} // namespace alert40::net
