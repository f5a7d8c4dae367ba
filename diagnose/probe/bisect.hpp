#pragma once

#include "diagnose/hello/hello_bisect.hpp"
#include "diagnose/probe/probe.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace alert40::diagnose {

/// What in a hello does this server fail on?
struct BisectRequest {
    net::DialRequest dial; ///< as of a probe
    Hello failing;
    std::optional<Hello> working; ///< tried before `candidates_for` the failing one
    HelloBisect::Settings settings;
    std::chrono::milliseconds pause{50}; ///< between the end of one connection and the start of the next
};

struct BisectProgress {
    HelloBisect::Stage stage;
    std::size_t asked, most_asked; ///< handshakes
    Probed const& last;
};

struct BisectReport {
    BisectResult result;
    /// The last answers to the hellos of the result.
    std::optional<Answer> to_failing, to_works, to_fails, to_mended;
    std::optional<tls::Failure> unreachable; ///< no connection came about, twice in a row: it was left there
};

/// A bisect under way. Destroying it closes its connection; no callback is called then.
class Bisect {
  public:
    virtual ~Bisect() = default;
};

/// One connection at a time, on the loop's thread. `progress`, which may be empty, is called after each
/// handshake, `done` once, in a later turn. Silence is believed after `timeouts.handshake`, then each time in
/// half of that, and once something works after ten times what that took; a second at least. `loop` and
/// `resolver` outlive it.
std::unique_ptr<Bisect> start_bisect(net::EventLoop& loop, net::Resolver& resolver, BisectRequest request,
                                     std::function<void(BisectProgress const&)> progress,
                                     std::function<void(BisectReport)> done);

} // namespace alert40::diagnose
