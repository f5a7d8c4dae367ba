#include "net/dial.hpp"

#include "net/client_handshake.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"
#include "net/path.hpp"

#include <algorithm>
#include <utility>

namespace alert40::net {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// What a path has to do for a profile; records are cut by the engine.
tls::SplitHello segments_of(tls::Profile const& profile) {
    bool const segments = profile.split_hello.mode == tls::SplitHello::Mode::segment;
    return segments ? profile.split_hello : tls::SplitHello{};
}

/// path -> [ TLS handshake ] -> Dialled. It is on the stack when `done` is called, so its handle destroys it
/// later.
class DialUnderWay {
  public:
    DialUnderWay(EventLoop& loop, Resolver& resolver, DialRequest request, std::function<void(Dialled)> done)
        : loop_(loop)
        , request_(std::move(request))
        , done_(std::move(done))
        , deadline_(loop)
        , path_(loop, resolver, request_, started_, result_.report) {
        result_.report.started = std::chrono::system_clock::now();
    }

    void start() {
        auto const timeout = within_total(request_.timeouts.connect);
        deadline_.arm(timeout, [this, timeout] { path_.time_out(timeout); });
        path_.start([this](auto socket) {
            if (!socket) return finish(std::move(socket).error());
            result_.socket = std::move(*socket);
            if (request_.ordeal)
                if (auto failure = make_rough()) return finish(std::move(failure));
            start_handshake();
        });
        starting_ = false;
    }

    void cancel() {
        done_ = {};
        deadline_.disarm();
        path_.cancel();
        if (handshake_) handshake_->cancel();
        result_.socket = Socket{};
        result_.path.reset();
    }

  private:
    /// From here on the connection leads through its ordeal.
    std::optional<tls::Failure> make_rough() {
        auto& ordeal = *request_.ordeal;
        bool const splits = ordeal.split.mode != tls::SplitHello::Mode::none;
        if (request_.context && !splits) ordeal.split = segments_of(request_.context->profile());
        auto path = RoughPath::make(loop_, std::move(result_.socket), ordeal);
        if (!path)
            return tls::Failure{tls::By::local, tls::Phase::connect, tls::FailureKind::unreachable,
                                std::nullopt, path.error().message()};
        result_.path = *std::move(path);
        result_.socket = result_.path->take_near_end();
        result_.path->start();
        return std::nullopt;
    }

    void start_handshake() {
        if (!request_.context) return finish(std::nullopt);
        auto const timeout = within_total(request_.timeouts.handshake);
        deadline_.arm(timeout, [this, timeout] { handshake_->time_out(timeout); });
        auto const first_segment = segments_of(request_.context->profile()).at;
        result_.tls = tls::engine::Connection::make_client(request_.context, std::move(request_.options));
        handshake_.emplace(loop_, result_.socket.fd(), *result_.tls, Segments{first_segment},
                           [this](std::optional<tls::Failure> failure) { finish(std::move(failure)); });
        handshake_->start();
    }

    void finish(std::optional<tls::Failure> failure) {
        auto& report = result_.report;
        if (result_.tls && result_.path) result_.tls->hello_left_as(result_.path->hello());
        if (result_.tls) report.handshake = result_.tls->handshake();
        if (handshake_ && handshake_->first_byte())
            report.first_byte = since_start(*handshake_->first_byte());
        report.total = since_start(SteadyClock::now());
        report.failure = std::move(failure);
        if (result_.path && report.failure) result_.path->explain(*report.failure);
        if (report.failure) {
            result_.tls.reset();
            result_.socket = Socket{};
            result_.path.reset();
        }
        deadline_.disarm();
        if (!starting_) return deliver();
        deadline_.arm({}, [this] { deliver(); }); // in a later turn
    }

    void deliver() {
        auto const done = std::exchange(done_, {});
        if (done) done(std::move(result_));
    }

    std::chrono::milliseconds within_total(std::chrono::milliseconds timeout) const {
        using std::chrono::milliseconds;
        auto const left = request_.timeouts.total - (SteadyClock::now() - started_);
        return std::clamp(std::chrono::ceil<milliseconds>(left), milliseconds{0}, timeout);
    }

    std::chrono::microseconds since_start(SteadyClock::time_point now) const {
        return std::chrono::duration_cast<std::chrono::microseconds>(now - started_);
    }

    EventLoop& loop_;
    DialRequest request_;
    std::function<void(Dialled)> done_;
    SteadyClock::time_point const started_ = SteadyClock::now();
    Dialled result_;
    bool starting_ = true; ///< inside start_dial, from which `done` is not called
    Deadline deadline_;
    Path path_;
    std::optional<ClientHandshake> handshake_; ///< declared after what it borrows
};

class DialHandle final : public Dial {
  public:
    DialHandle(EventLoop& loop, std::unique_ptr<DialUnderWay> dial)
        : loop_(loop)
        , dial_(std::move(dial)) {}

    ~DialHandle() override {
        dial_->cancel();
        loop_.destroy_later(std::move(dial_));
    }

  private:
    EventLoop& loop_;
    std::unique_ptr<DialUnderWay> dial_;
};

} // namespace

std::unique_ptr<Dial> start_dial(EventLoop& loop, Resolver& resolver, DialRequest request,
                                 std::function<void(Dialled)> done) {
    auto dial = std::make_unique<DialUnderWay>(loop, resolver, std::move(request), std::move(done));
    dial->start();
    return std::make_unique<DialHandle>(loop, std::move(dial));
}

} // namespace alert40::net
