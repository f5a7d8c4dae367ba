#pragma once

#include "net/dial.hpp"
#include "policy/fallback_ladder.hpp"
#include "proxy/fault/dial_fault.hpp"
#include "proxy/upstream/diagnostician.hpp"
#include "proxy/upstream/ladder_registry.hpp"
#include "proxy/upstream/way.hpp"
#include "record/sink.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alert40::net {
class EventLoop;
class Resolver;
} // namespace alert40::net

namespace alert40::proxy {

/// What the upstream side of one worker is made from. The references outlive it.
struct UpstreamParts {
    net::EventLoop& loop;
    net::Resolver& resolver;
    LadderRegistry& registry;
    record::Sink& sink;
    FaultBook& faults;
    Diagnostician* diagnostician = nullptr; ///< null: nobody finds out why a ladder has failed
};

/// One way down a ladder: dials, asks the state machine what comes next, and writes the record of each dial,
/// until a connection stands or the ladder ends. It lives on with the connection that it made, because HTTP/2
/// that breaks right after the handshake goes on down the same ladder.
class LadderRun {
  public:
    class Owner {
      public:
        virtual void established(LadderRun& run, net::Dialled dialled) = 0;
        /// `loop`: the origin's address is one of our own listeners.
        virtual void gave_up(LadderRun& run, Attempts failed, bool loop) = 0;
        /// Another run, of this or another thread, is finding out what this one would: this one is over, and
        /// `other_run_ended` will be called once, on the loop's thread.
        virtual void follows(LadderRun& run) = 0;
        virtual void other_run_ended(LadderRegistry::Outcome outcome) = 0;

      protected:
        ~Owner() = default;
    };

    /// `way` is shared with the owner, who may have a newer one by the time that this ends.
    LadderRun(UpstreamParts const& parts, std::shared_ptr<Way const> way, std::string listener, Owner& owner);
    ~LadderRun();
    LadderRun(LadderRun const&) = delete;
    LadderRun& operator=(LadderRun const&) = delete;

    /// One call of the owner follows, possibly before this returns; the owner destroys the run in a later
    /// turn.
    void start();
    /// The connection that this run made broke in its first words (h2-broken). As `start`.
    void go_on(tls::Failure const& failure);

    /// The connection that this run made, or an exchange on it, failed later, with nothing to be done about
    /// it: that is recorded.
    void report(tls::Failure const& failure, std::optional<record::ExchangeFacts> exchange);

  private:
    bool shared() const;
    bool lead();
    void dial(policy::Attempt attempt);
    void suffer(net::DialRequest& request);
    void dialled(net::Dialled dialled);
    void fill_record(net::DialReport& report);
    void succeed(net::Dialled dialled);
    void fail();
    record::ConnectionFailureRecord connection_failure(tls::Failure const& failure) const;
    policy::Next next_after(tls::Failure const& failure);
    std::optional<std::string> name_of(policy::Next const& next) const;
    void proceed(policy::Next const& next);
    void give_up();
    void have_diagnosed() const;

    UpstreamParts parts_;
    std::shared_ptr<Way const> const shared_way_;
    Way const& way_; ///< the same
    Owner& owner_;
    std::string const listener_;
    std::string const key_;        ///< of the memory
    std::string const connection_; ///< ULID
    std::vector<tls::Profile const*> profiles_;
    std::optional<policy::FallbackLadder> ladder_;
    policy::Attempt attempt_;
    std::chrono::steady_clock::time_point started_;
    std::unique_ptr<net::Dial> dial_;
    record::HandshakeRecord record_;
    std::vector<record::HandshakeRecord> failed_;
    std::optional<DialFault> fault_; ///< of the attempt under way, or of the connection that it made
    std::string reason_;             ///< of the first failure
    bool meant_to_fail_ = false;     ///< the decision has faults of the client
    bool loop_ = false;
    bool by_memory_ = false; ///< the attempt under way is the remembered step
    bool leads_ = false;
};

} // namespace alert40::proxy
