#pragma once

#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/exchange/upstream_connection.hpp"
#include "proxy/upstream/ladder_run.hpp"
#include "proxy/upstream/way.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

namespace alert40::proxy {

/// Why exchanges get an error instead of a connection.
struct DialFailure {
    Attempts attempts; ///< null: too many wait already
    bool loop = false; ///< the origin's address is one of our own listeners
    Way const& way;
};

/// All connections of one worker to one origin by one way, and the exchanges that wait for one. An exchange
/// takes the connection that was used last, so the fewest stay warm; a new one is dialled when none has room.
/// Where many HTTP/1.1 connections stand already, one of them will soon be free: then only an exchange that
/// has waited for limits::patience gets another. The few that carry a burst in turns stay in the caches of
/// this machine and of the origin's, and need half the time a request of one each.
class OriginPool final : public LadderRun::Owner, net::Flushable {
  public:
    class Host {
      public:
        /// The exchange gets no connection: answer it with an error.
        virtual void refuse(Exchange& exchange, DialFailure const& failure) = 0;
        /// The origin's HTTP/2 does not carry the upgrade that this exchange wants: HTTP/1.1 does.
        virtual void needs_http1(Exchange& exchange, Way const& way) = 0;
        /// The origin speaks HTTP/1.1, and what this exchange carries (gRPC) cannot go over it.
        virtual void needs_http2(Exchange& exchange, Way const& way) = 0;
        /// The origin insists on HTTP/2, which does not carry the upgrade.
        virtual void no_upgrade(Exchange& exchange, Way const& way) = 0;

      protected:
        ~Host() = default;
    };

    /// The host and the parts outlive the pool.
    OriginPool(UpstreamParts const& parts, std::shared_ptr<Way const> way, Host& host);
    ~OriginPool() override;

    Way const& way() const { return *way_; }

    /// New dials go by `way`, which has the same connection key; connections and dials under way stay.
    void use(std::shared_ptr<Way const> way) { way_ = std::move(way); }

    /// Assigns a connection, now or later, or refuses.
    void submit(Exchange& exchange);
    void withdraw(Exchange& exchange);
    /// That this exchange, which one of the connections has or just had, failed in this way for good.
    void record(Exchange const& exchange, tls::Failure const& failure, bool unprocessed);
    /// That its requester gave up, where it had waited for something: for the record.
    void record_patience(Exchange const& exchange);
    /// Nothing was under way, waiting, or connected for limits::idle_origin.
    bool deserted(Exchange::Time now) const;
    void on_tick(Exchange::Time now);

  private:
    struct Line;
    enum class Speaks : std::uint8_t { unknown, http1, http2 };

    record::ExchangeFacts facts_of(Exchange const& exchange, Line const& line, bool unprocessed) const;
    bool idle() const;
    bool give(Exchange& exchange);
    void assign(Exchange& exchange, Line& line);
    void unlist(std::size_t place);
    void flush() override;
    void dial_what_is_missing();
    std::size_t dials_wanted();
    std::size_t waiting_too_long() const;
    bool one_may_take_all() const;
    void start_run();

    void established(LadderRun& run, net::Dialled dialled) override;
    void gave_up(LadderRun& run, Attempts failed, bool loop) override;
    void follows(LadderRun& run) override;
    void other_run_ended(LadderRegistry::Outcome outcome) override;
    std::unique_ptr<LadderRun> take_run(LadderRun& run);
    void dial_failed(Attempts const& attempts, bool loop);
    void refuse_first(Attempts const& attempts, bool loop);
    void refuse_overdue(Exchange::Time now);

    void line_has_room(Line& line);
    void line_broken(Line& line, tls::Failure const& failure);
    void line_closed(Line& line, std::optional<tls::Failure> failure);

    UpstreamParts parts_;
    std::shared_ptr<Way const> way_; ///< shared with the runs that go by it
    Host& host_;
    std::vector<std::unique_ptr<Line>> lines_;
    std::vector<Line*> free_; ///< with room; the last one is taken first
    std::vector<std::unique_ptr<LadderRun>> runs_;
    std::deque<Exchange*> waiting_; ///< for a connection, in order of `waits_since`
    net::Deadline patience_;
    /// For the head of a response, in order of `waits_since`: its first one tells whether any is overdue.
    boost::intrusive::list<Exchange, boost::intrusive::constant_time_size<false>> unanswered_;
    Exchange::Time idle_since_;
    std::size_t following_ = 0; ///< runs of others that are waited for
    Speaks speaks_ = Speaks::unknown;
    bool refuses_upgrades_ = false; ///< HTTP/2 without RFC 8441
};

} // namespace alert40::proxy
