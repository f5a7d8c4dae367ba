#pragma once

#include "diagnose/probe/bisect.hpp"
#include "diagnose/trial/trial.hpp"
#include "diagnose/visit/visit.hpp"
#include "net/encrypted_dns/encrypted_dns.hpp"
#include "net/loop/event_loop.hpp"
#include "net/resolver/resolver.hpp"
#include "policy/ladder.hpp"
#include "policy/origin.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

namespace alert40::diagnose {

/// The handshakes that were allowed are used up, or whoever asked wants no more.
class OutOfHandshakes : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Tries handshakes with one target, few at a time and not too fast, so that a server does not feel attacked.
/// It has a loop and a resolver of its own and blocks its thread; for one thread.
class Prober {
  public:
    struct Limits {
        unsigned handshakes = 100;                     ///< in all
        std::chrono::milliseconds pause{20};           ///< between the starts of two
        policy::Timeouts timeouts{};                   ///< of each
        std::vector<policy::Endpoint> own_listeners{}; ///< of the proxy that asks: never connected to
        std::stop_token stop{}; ///< ends the diagnosis, by OutOfHandshakes, within a tenth of a second
    };

    /// `target` is https. `path` is asked for once a handshake is established. `tried` hears of every trial
    /// when it is over, in the order of their ends; it may throw, which ends the diagnosis.
    Prober(policy::Origin target, std::string path, Limits limits,
           std::function<void(Trial const&, Observation const&)> tried);
    ~Prober();
    Prober(Prober const&) = delete;
    Prober& operator=(Prober const&) = delete;

    /// Throws OutOfHandshakes. A profile that cannot be made ready (a file, a name that the library does not
    /// know) is a failure of kind `library` in phase `resolve`, and costs no handshake.
    Observation try_once(Trial const& trial);
    /// The same with all of them, up to `at_once` together; the observations are in the order of the trials.
    std::vector<Observation> try_all(std::span<Trial const> trials, unsigned at_once);

    /// What a server said to the `hello` of each of these trials, in their order; as with `try_all`.
    std::vector<Answer> probe_all(std::span<Trial const> trials, unsigned at_once);

    /// What in `trial.hello` the server fails on, compared with `working` or with hellos that may work. Takes
    /// as many handshakes as are left; where these do not do, the report says so.
    BisectReport bisect(Trial const& trial, std::optional<Hello> working = std::nullopt);

    unsigned used() const { return used_; } ///< handshakes so far

    unsigned left() const { return limits_.handshakes - used_; }

    policy::Origin const& target() const { return target_; }

    Limits const& limits() const { return limits_; }

    /// What `how` says to the target's name; an address is its own answer.
    net::Resolver::Answer look_up(policy::Resolver const& how);

  private:
    class Attempt;
    using Context = boost::system::result<std::shared_ptr<tls::engine::ClientContext const>, std::string>;
    Context context_for(tls::Profile const& profile);
    net::DialRequest way_of(Trial const& trial) const;
    unsigned take_handshake();
    /// `over` takes what each came to, and its index.
    void attempt_all(std::span<Trial const> trials, unsigned at_once,
                     std::function<void(std::size_t, Attempt&)> const& over);
    void turn_until(std::function<bool()> const& over);

    policy::Origin target_;
    std::string path_;
    Limits limits_;
    std::function<void(Trial const&, Observation const&)> tried_;
    net::EventLoop loop_;
    net::Resolver resolver_{loop_, net::make_encrypted_dns};
    std::vector<std::shared_ptr<tls::engine::ClientContext const>>
        contexts_;                                        ///< with the sessions that servers gave
    std::chrono::milliseconds for_body_ = Request{}.body; ///< is waited, from the head of a response on
    unsigned used_ = 0;
    std::chrono::steady_clock::time_point next_start_{};
};

} // namespace alert40::diagnose
