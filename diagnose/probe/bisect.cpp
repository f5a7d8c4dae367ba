#include "diagnose/probe/bisect.hpp"

#include "diagnose/hello/candidates.hpp"
#include "net/ip_endpoint.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/event_loop.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace alert40::diagnose {
namespace {

using std::chrono::milliseconds;

/// Of a server that answers others at once.
constexpr milliseconds least_patience{1000};
constexpr int patience_factor = 10;

std::vector<Candidate> candidates_of(BisectRequest const& request) {
    auto const named = tls::wire::server_name(view_of(request.failing).extensions);
    auto const& host = request.dial.origin.host;
    bool const is_address = net::IpEndpoint::parse(host, 0).has_value();
    auto candidates = candidates_for(request.failing, named        ? *named
                                                      : is_address ? std::string_view{}
                                                                   : host);
    if (request.working) candidates.insert(candidates.begin(), {"the working hello", *request.working});
    return candidates;
}

/// probe -> outcome -> the next hello, until the bisect knows enough
class BisectUnderWay {
  public:
    BisectUnderWay(net::EventLoop& loop, net::Resolver& resolver, BisectRequest request,
                   std::function<void(BisectProgress const&)> progress,
                   std::function<void(BisectReport)> done)
        : loop_(loop)
        , resolver_(resolver)
        , request_(std::move(request))
        , progress_(std::move(progress))
        , done_(std::move(done))
        , bisect_(request_.failing, candidates_of(request_), request_.settings)
        , pause_(loop) {
        pause_.arm({}, [this] { ask(); });
    }

    void cancel() {
        progress_ = {};
        done_ = {};
        probe_.reset();
        pause_.disarm();
    }

  private:
    void ask() {
        auto const* const hello = bisect_.next();
        if (!hello) return finish();
        probe_ = start_probe(loop_, resolver_, {.dial = request_.dial, .hello = *hello},
                             [this](Probed probed) { asked(probed); });
    }

    void asked(Probed const& probed) {
        if (probed.dial.failure && std::exchange(unreachable_, true)) {
            report_.unreachable = probed.dial.failure;
            return finish();
        }
        if (!probed.dial.failure) take(probed);
        if (progress_)
            progress_({bisect_.stage(), bisect_.result().asked, request_.settings.most_asked, probed});
        if (done_) pause_.arm(request_.pause, [this] { ask(); });
    }

    void take(Probed const& probed) {
        unreachable_ = false;
        auto const& answer = probed.answer;
        answers_.insert_or_assign(records_of(*bisect_.next()), answer);
        if (answer.works() && probed.dial.connect) learn_patience(probed.dial.total - *probed.dial.connect);
        if (answer.failure && answer.failure->kind == tls::FailureKind::timeout) lose_patience();
        bisect_.answer({answer.works(), answer.works() ? std::string{} : summary_of(answer)});
    }

    void learn_patience(std::chrono::microseconds took) {
        auto& timeout = request_.dial.timeouts.handshake;
        auto const enough = std::chrono::ceil<milliseconds>(patience_factor * took);
        timeout = std::min(timeout, std::max(least_patience, enough));
    }

    void lose_patience() {
        auto& timeout = request_.dial.timeouts.handshake;
        timeout = std::min(timeout, std::max(least_patience, timeout / 2));
    }

    void finish() {
        report_.result = bisect_.result();
        auto const& result = report_.result;
        report_.to_failing = answer_to(request_.failing);
        if (result.works) report_.to_works = answer_to(*result.works);
        if (result.fails) report_.to_fails = answer_to(*result.fails);
        if (result.mended) report_.to_mended = answer_to(*result.mended);
        auto const done = std::exchange(done_, {});
        if (done) done(std::move(report_));
    }

    std::optional<Answer> answer_to(Hello const& hello) const {
        auto const found = answers_.find(records_of(hello));
        if (found == answers_.end()) return std::nullopt;
        return found->second;
    }

    net::EventLoop& loop_;
    net::Resolver& resolver_;
    BisectRequest request_;
    std::function<void(BisectProgress const&)> progress_;
    std::function<void(BisectReport)> done_; ///< empty: over
    HelloBisect bisect_;
    net::Deadline pause_;
    std::unique_ptr<Probe> probe_;
    std::map<Buffer, Answer> answers_; ///< by the hello that was asked about
    bool unreachable_ = false;         ///< the last time
    BisectReport report_;
};

class BisectHandle final : public Bisect {
  public:
    BisectHandle(net::EventLoop& loop, std::unique_ptr<BisectUnderWay> bisect)
        : loop_(loop)
        , bisect_(std::move(bisect)) {}

    ~BisectHandle() override {
        bisect_->cancel();
        loop_.destroy_later(std::move(bisect_));
    }

  private:
    net::EventLoop& loop_;
    std::unique_ptr<BisectUnderWay> bisect_;
};

} // namespace

std::unique_ptr<Bisect> start_bisect(net::EventLoop& loop, net::Resolver& resolver, BisectRequest request,
                                     std::function<void(BisectProgress const&)> progress,
                                     std::function<void(BisectReport)> done) {
    return std::make_unique<BisectHandle>(
        loop, std::make_unique<BisectUnderWay>(loop, resolver, std::move(request), std::move(progress),
                                               std::move(done)));
}

} // namespace alert40::diagnose
