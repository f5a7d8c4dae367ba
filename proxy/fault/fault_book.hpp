#pragma once

#include "policy/decision.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alert40::proxy {

/// What of a request a fault may depend on.
struct RequestFacts {
    std::string_view method, path;
    bool http2 = false; ///< between the app and us
    bool rpc = false;   ///< gRPC, gRPC-Web, Connect
};

/// Where a connection stands when it is asked whether it shall fail.
struct Moment {
    policy::FaultRole as = policy::FaultRole::origin;
    policy::FaultPoint at = policy::FaultPoint::connect;
    tls::Offered const* hello = nullptr;   ///< of the app; null: none is known. Borrowed for the call
    RequestFacts const* request = nullptr; ///< where there is one. Borrowed for the call
    bool ours = true; ///< as the client: the hello is made here, so that what it offers can be chosen
    std::optional<std::size_t> segments{}; ///< that it came in; nothing: nobody counted
    policy::Clock::time_point now = policy::Clock::now();
};

/// What one connection suffers on purpose at one point: at most one action that ends it, the last.
struct Blow {
    policy::FaultPoint at = policy::FaultPoint::client_hello;
    std::vector<policy::FaultAction> actions; ///< in order; never empty
    std::string rule;                         ///< whose faults they are
};

/// The counts behind `every`, `times` and `chance`, which all threads share. Asked only where a decision has
/// faults. Thread-safe.
class FaultBook {
  public:
    /// What strikes now, and is counted so; nothing: all is well.
    std::optional<Blow> strike(policy::Decision const& decision, Moment const& moment);

  private:
    struct Count {
        explicit Count(policy::Fault const& of)
            : fault(of)
            , dice(of.when.seed) {}

        policy::Fault fault; ///< another one in its place begins anew
        std::mt19937_64 dice;
        std::uint64_t met = 0, struck = 0;
    };

    static bool strikes(Count& count, Moment const& moment);
    Count& count_of(std::string const& rule, std::size_t place, policy::Fault const& fault);

    std::mutex mutex_;
    std::map<std::pair<std::string, std::size_t>, Count> counts_; ///< by rule, and place in it
};

} // namespace alert40::proxy
