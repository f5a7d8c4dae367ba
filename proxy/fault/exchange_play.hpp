#pragma once

#include "bytes/byte_queue.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "proxy/exchange/exchange.hpp"
#include "proxy/fault/exchange_plan.hpp"
#include "record/sink.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace alert40::proxy {

/// One exchange that is made to fail, between the app's request and the Exchange:
///
///     asked -- delay -- an end --> over           (nothing went to the origin)
///                    `-- go_on --> response -- delay: held -- an end instead of the head --> over
///                                                          `-- open, metered -- an end after so much -->
///                                                          over
///                                                                             `-- the end of the body
///
/// An end is made from a deadline of the loop, never from inside a call of the responder's.
class ExchangePlay final : public Intermediary {
  public:
    class Host {
      public:
        /// The request may go to the origin.
        virtual void go_on(Exchange& exchange) = 0;

      protected:
        ~Host() = default;
    };

    /// The references outlive it. It is for `exchange` to own.
    ExchangePlay(net::EventLoop& loop, Exchange& exchange, ExchangePlan plan, record::Sink& sink, Host& host);

    /// Once the exchange has it: the request's part.
    void begin();

  private:
    enum class Stage : std::uint8_t {
        asked,
        held,   ///< the response's head waits for its time
        open,   ///< its body passes, as much as may
        direct, ///< all passes
        over,   ///< nothing passes
    };

    // Requester
    void informational(ResponseHead& head) override;
    void response(ResponseHead& head, bool end) override;
    std::span<std::uint8_t> body_space(std::size_t at_least) override;
    void body_written(std::size_t n) override;
    void end(Fields const& trailers) override;
    void abort(Abort reason) override;
    bool congested() const override;
    void more_request_body() override;

    void request_due();
    void response_due();
    void pass_body();
    std::size_t allowance();
    void body_ended();
    void end_soon();
    void strike(policy::FaultAction const& end);
    void answer(LocalResponse const& response);
    void break_with(Breach const& breach);
    void write_record(std::string detail, tls::FailureKind kind);

    net::EventLoop& loop_;
    Exchange& exchange_;
    ExchangePlan plan_;
    record::Sink& sink_;
    Host& host_;
    net::Deadline deadline_; ///< of a delay, or the next piece of a body that is throttled
    net::Deadline ending_;
    ResponseHead head_; ///< while held
    bytes::ByteQueue body_;
    Arena trailer_text_;
    Fields trailers_;
    std::chrono::steady_clock::time_point metered_at_;
    double allowed_ = 0;           ///< bytes, by the speed
    std::uint64_t left_ = no_mark; ///< of the body, before the end strikes
    Stage stage_ = Stage::asked;
    bool head_is_all_ = false;
    bool body_complete_ = false;

    static constexpr std::uint64_t no_mark = ~std::uint64_t{0};
};

} // namespace alert40::proxy
