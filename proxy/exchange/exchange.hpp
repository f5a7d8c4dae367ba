#pragma once

#include "bytes/byte_queue.hpp"
#include "net/loop/event_loop.hpp"
#include "policy/policy.hpp"
#include "proxy/message/message.hpp"
#include "tls/failure.hpp"
#include "tls/handshake.hpp"

#include <boost/intrusive/list_hook.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alert40::proxy {

class Exchange;

/// Why a response cannot be completed.
enum class Abort : std::uint8_t { upstream_failed, timeout, refused, protocol };

/// How a requester breaks what it owes the client, on purpose.
struct Breach {
    enum class Kind : std::uint8_t {
        cut_short,  ///< the body ends before its time: END_STREAM, or FIN (HTTP/1.1)
        close,      ///< the connection ends in order
        reset,      ///< RST of the connection
        rst_stream, ///< HTTP/2; over HTTP/1.1 the same as close
        goaway,     ///< GOAWAY, and the connection ends; over HTTP/1.1 the same as close
    };

    Kind kind = Kind::close;
    std::uint32_t error_code = 0; ///< RFC 9113 section 7
    bool processed = false;       ///< goaway: its last stream id covers this request
    bool close_notify = true;     ///< close: goes before FIN

    bool operator==(Breach const&) const = default;
};

/// The side that asked: one request of a downstream connection. Implemented by http1/ and http2/ servers.
/// All calls come from the Exchange, on the connection's thread, and may come from inside a call to the
/// Exchange.
class Requester {
  public:
    /// 100, 102, 103, ...: any number of them before the response.
    virtual void informational(ResponseHead& head) = 0;
    /// The response begins. `end`: no body follows. With `head.upgraded`, bytes in both directions follow.
    virtual void response(ResponseHead& head, bool end) = 0;
    /// Room for at least `at_least` bytes of body, where it will be sent from.
    virtual std::span<std::uint8_t> body_space(std::size_t at_least) = 0;
    /// That many bytes were written into the last space.
    virtual void body_written(std::size_t n) = 0;
    /// The body is complete. The Exchange is over for the requester once its own request body has ended too.
    virtual void end(Fields const& trailers) = 0;
    /// It cannot be completed: RST_STREAM, or the connection is cut so that the client notices.
    virtual void abort(Abort reason) = 0;
    /// Enough response waits here (limits::high_water); `Exchange::requester_drained` says when that has
    /// changed.
    virtual bool congested() const = 0;
    /// The responder can take more of the request body.
    virtual void more_request_body() = 0;

    /// CONNECT, granted: says so to the client, and gives its stream away to `DownstreamHost::intercept`,
    /// with `target`. False: this one has none to give (an HTTP/2
    /// stream, or one within TLS), and nothing was said.
    virtual bool give_stream(policy::Origin const&) { return false; }

    /// Ends it like that, after what was written. Never from inside a call of the responder's.
    virtual void break_off(Breach const&) { abort(Abort::upstream_failed); }

  protected:
    ~Requester() = default;
};

/// A requester that stands before the one that asked, for one exchange, to which it belongs: what passes, and
/// how, is its affair.
class Intermediary : public Requester {
  public:
    virtual ~Intermediary() = default;

  protected:
    Requester& asker() const { return *asker_; }

  private:
    friend class Exchange;
    Requester* asker_ = nullptr;
};

/// The side that answers: one request on an upstream connection. Implemented by http1/ and http2/ clients.
class Responder {
  public:
    /// Called once, right after `Exchange::assign`. `end`: no body follows.
    virtual void request(RequestHead& head, bool end) = 0;
    virtual std::span<std::uint8_t> body_space(std::size_t at_least) = 0;
    virtual void body_written(std::size_t n) = 0;
    virtual void end(Fields const& trailers) = 0;
    /// Nobody wants the answer any more. The responder makes no further call to the Exchange.
    virtual void cancel() = 0;
    virtual bool congested() const = 0;
    /// The requester can take more of the response body.
    virtual void more_response_body() = 0;

  protected:
    ~Responder() = default;
};

/// What an app said in its ClientHello, where its TLS ends here, or is only watched. Immutable, shared.
struct AppHello {
    tls::Offered offered;
    std::vector<std::uint8_t> body; ///< of the message, without its header
    std::string_view looks_like;    ///< tls::fingerprint::looks_like
};

/// What is known of the place where a request came in.
struct Entrance {
    std::string listener;                   ///< as written in `listen`
    std::optional<policy::Origin> mapped;   ///< [[map]]
    bool tls = false;                       ///< the client spoke TLS to us
    std::string bound{};                    ///< the listener with the port that was taken, for the record
    std::vector<std::string> credentials{}; ///< "user:password": who may come in here; empty: everybody
    bool tls_listener = false;              ///< apps speak TLS here from their first byte
    bool by_sni = false;                    ///< ... and it names the target
    std::optional<policy::Origin> intercepted{}; ///< every request in here is for this origin
    std::string handshake{};                     ///< ... after the handshake of this record
    std::string address{};                       ///< ... at this IP literal, where a rule says nothing else
    std::shared_ptr<AppHello const> hello{};     ///< with `tls`: what the app offered
    std::string injected_by{};                   ///< ... and the rule whose faults had a part in it; or empty
    bool watched = false;                        ///< CONNECT: it is decided already that it passes
    std::optional<policy::FaultPoint> suffered{}; ///< its faults up to here have had their say

    /// A mapped listener for HTTP without TLS.
    bool is_plain() const { return mapped && !tls_listener; }
};

/// Finds a responder: routing and the pool stand behind this.
class Dispatcher {
  public:
    /// Takes a request whose head is complete. Answers, now or later, with `Exchange::assign` or
    /// `Exchange::fail`.
    virtual void dispatch(Exchange& exchange) = 0;
    /// Its responder failed before anything of a response was passed on: sends it again where that is safe
    /// (`unprocessed`, or a safe method, and `replayable`), or answers with an error.
    virtual void failed(Exchange& exchange, tls::Failure const& failure, bool unprocessed) = 0;
    /// The requester is gone, and the exchange was `waiting`: it no longer does.
    virtual void withdraw(Exchange& exchange) = 0;

    /// What came is no good answer, or ended too early, and the requester has to live with it. Its
    /// responder's connection is still there. Nothing is to be done; it may be recorded.
    virtual void spoiled(Exchange&, tls::Failure const&, bool /*unprocessed*/) {}

    /// The requester went away before its response had ended; as above.
    virtual void abandoned(Exchange&) {}

  protected:
    ~Dispatcher() = default;
};

/// What of a response has come from an origin.
struct ResponseSoFar {
    std::uint16_t status = 0; ///< 0: not even its head
    bool upgraded = false;
    bool owes_grpc_status = false;              ///< a call whose trailers have still to say how it ended
    BodyLength body{};                          ///< as its head has it
    std::uint64_t body_bytes = 0;               ///< or of what follows an upgrade
    std::optional<std::uint32_t> grpc_status{}; ///< where it tells of trouble
};

/// An answer made here instead of at an origin.
struct LocalResponse {
    std::uint16_t status = 502;
    std::vector<std::pair<std::string, std::string>> fields; ///< Content-Length is added
    std::string body;
    std::vector<std::pair<std::string, std::string>> trailers;
};

/// One request and its response passing through: the joint between a requester and a responder that know
/// nothing of each other. It applies what a proxy must do to messages, keeps what is needed to send a request
/// again, and turns failures into answers. Owned by its requester.
///
///     requester                    Exchange                    responder
///     request(), start()      ->   dispatch        -> assign ->  request
///     request_body_*          ->   (replay copy)             ->  body_*
///     response, body_*        <-                             <-  response, response_body_*
///
/// From `wait_since` until its response begins it may stand in one list of its dispatcher, which it leaves by
/// itself.
class Exchange
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    using Time = std::chrono::steady_clock::time_point;

    Exchange(Requester& requester, Dispatcher& dispatcher, Entrance const& entrance);
    ~Exchange();
    Exchange(Exchange const&) = delete;
    Exchange& operator=(Exchange const&) = delete;

    /// Filled in by the requester before `start`.
    RequestHead& request() { return request_; }

    RequestHead const& request() const { return request_; }

    Entrance const& entrance() const { return entrance_; }

    // ---- from the requester
    /// The head is complete; `end`: no body follows. May answer before it returns.
    void start(bool end);
    std::span<std::uint8_t> request_body_space(std::size_t at_least);
    void request_body_written(std::size_t n);
    void request_body(std::span<std::uint8_t const> piece); ///< the two above, with a copy
    void request_end(Fields const& trailers);
    /// Stop reading the request body; `Requester::more_request_body` says when to go on.
    bool request_congested() const;
    void requester_drained();
    /// The client went away, or reset the stream. Nothing of the requester is called any more.
    void requester_gone();

    ResponseSoFar const& so_far() const { return so_far_; }

    // ---- from the dispatcher
    /// The request is now for `origin`: its authority is what the origin is told. `turn_round`: Location and
    /// cookie domains of the response that name the origin are rewritten to the address that the client used.
    void route_to(policy::Origin const& origin, bool turn_round);
    /// Sends the request, as far as it is here, to `responder`, which calls back until it has ended or
    /// failed.
    void assign(Responder& responder);
    /// CONNECT: the client's stream ends here instead of being passed on. False: it cannot.
    bool give_stream(policy::Origin const& target);
    /// Answers from here. Where a response has begun already, it is aborted.
    void answer(LocalResponse const& response);
    /// The same, where the response that has begun was kept from the client: its responder is told to stop.
    void answer_instead(LocalResponse const& response);
    /// From now on the requester hears what `between` lets pass. Once.
    void interpose(std::unique_ptr<Intermediary> between);

    /// The requester is still there.
    bool wanted() const { return requester_ != nullptr; }

    /// The request can be sent again: nothing of a response was passed on, and its body is here from its
    /// first byte.
    bool replayable() const { return !response_begun_ && keeping_body_; }

    bool request_complete() const { return request_ended_; }

    /// How often it was assigned.
    unsigned times_sent() const { return times_sent_; }

    /// For the dispatcher's own bookkeeping: the queue that it belongs to, and whether it waits there.
    void set_queue(void* queue, bool waiting) {
        queue_ = queue;
        waiting_ = waiting;
    }

    /// The same: the connection that it was assigned to last, which may be gone once it has failed there.
    void set_connection(void* connection) { connection_ = connection; }

    void* connection() const { return connection_; }

    /// What it waits for, a connection or the head of a response, it has waited for from now on.
    void wait_since(Time now) { waits_since_ = now; }

    Time waits_since() const { return waits_since_; }

    /// What it waits for, an origin's answer, is likely to come any moment. Until then, or `not_soon`.
    void expect_soon(net::EventLoop& loop) { awaiting_.emplace(loop); }

    void not_soon() { awaiting_.reset(); }

    /// The response does not begin in time, which is `failure`: the responder is told to stop, and the
    /// requester gets an error.
    void response_overdue(tls::Failure const& failure);

    void* queue() const { return queue_; }

    bool waiting() const { return waiting_; }

    // ---- from the responder
    void informational(ResponseHead& head);
    void response(ResponseHead& head, bool end);
    std::span<std::uint8_t> response_body_space(std::size_t at_least);
    void response_body_written(std::size_t n);
    void response_body(std::span<std::uint8_t const> piece); ///< the two above, with a copy
    void response_end(Fields const& trailers);
    bool response_congested() const;
    void responder_drained();
    /// The connection or stream failed. `unprocessed`: the peer guarantees that the request was not acted on.
    /// The responder is forgotten; the request is dispatched again where that is safe, or answered with an
    /// error.
    void responder_failed(tls::Failure const& failure, bool unprocessed);

  private:
    void let_go();
    void stop_waiting();
    void look_for_trouble(std::uint16_t status);
    void look_for_trouble(Fields const& trailers);
    void send_kept_body(Responder& responder);
    void begin_response();
    void refused_over_http1(bool end);
    void finish_response();

    Requester* requester_; ///< null: gone
    std::unique_ptr<Intermediary> between_;
    Responder* responder_ = nullptr;
    Dispatcher& dispatcher_;
    Entrance const& entrance_;
    RequestHead request_;
    Fields request_trailers_; ///< text in the request's arena
    bytes::ByteQueue
        kept_body_; ///< the request body so far: waiting for a responder, or kept for sending it again
    std::span<std::uint8_t> last_space_;
    void* queue_ = nullptr;
    void* connection_ = nullptr;
    ResponseSoFar so_far_;
    Time waits_since_;
    std::optional<net::Awaiting> awaiting_;
    std::string_view client_scheme_; ///< how the client named us, for turning round
    std::string_view client_authority_;
    std::optional<policy::Origin> turn_round_;
    unsigned times_sent_ = 0;
    bool waiting_ = false;
    bool keeping_body_ = true;
    bool request_ended_ = false;
    bool response_begun_ = false;
    bool response_ended_ = false;
};

} // namespace alert40::proxy
