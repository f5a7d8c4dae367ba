#include "diagnose/trial/prober.hpp"

#include "diagnose/probe/probe.hpp"
#include "tls/engine/client_context.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <thread>

namespace alert40::diagnose {

namespace {

/// So soon it is noticed that the diagnosis shall end.
constexpr std::chrono::milliseconds longest_turn{100};

constexpr std::array refusals_of_a_certificate{400, 403, 495, 496}; ///< the last two: nginx

/// A body that did not end once need not be waited for again.
constexpr std::chrono::milliseconds of_an_endless_body{200};

Observation unable(std::string reason) {
    Observation observation;
    observation.report.started = std::chrono::system_clock::now();
    observation.report.failure = tls::Failure{.by = tls::By::local,
                                              .phase = tls::Phase::resolve,
                                              .kind = tls::FailureKind::library,
                                              .alert = std::nullopt,
                                              .detail = std::move(reason)};
    return observation;
}

} // namespace

/// One trial under way: the dial, and the visit that follows it; or a probe.
class Prober::Attempt {
  public:
    Attempt(Prober& prober, Trial const& trial)
        : prober_(prober)
        , trial_(trial) {
        if (trial.hello)
            start_probe();
        else
            start_dial();
    }

    bool over() const { return over_; }

    Trial const& trial() const { return trial_; }

    Observation const& observation() const { return observation_; }

    Answer take_answer() { return std::move(answer_); } ///< of a trial with a hello

  private:
    void start_dial() {
        auto const context = prober_.context_for(trial_.profile);
        if (!context) {
            observation_ = unable(context.error());
            over_ = true;
            return;
        }
        observation_.number = prober_.take_handshake();
        auto request = prober_.way_of(trial_);
        request.context = *context;
        request.options.target_name = prober_.target_.host;
        request.options.session_key = "session";
        request.options.offer_resumption = trial_.resumption;
        request.options.fallback_scsv = trial_.fallback_scsv;
        dial_ = net::start_dial(prober_.loop_, prober_.resolver_, std::move(request),
                                [this](net::Dialled dialled) { visit(std::move(dialled)); });
    }

    void visit(net::Dialled dialled) {
        observation_.report = dialled.report;
        if (dialled.report.failure || !trial_.visits) {
            over_ = true;
            return;
        }
        visit_ = std::make_unique<Visit>(prober_.loop_, std::move(dialled),
                                         Request{.authority = prober_.target_.authority(),
                                                 .target = prober_.path_,
                                                 .patience = prober_.limits_.timeouts.handshake,
                                                 .body = prober_.for_body_},
                                         [this](Visited visited) {
                                             if (!visited.complete && !visited.failure)
                                                 prober_.for_body_ = of_an_endless_body;
                                             observation_.visited = std::move(visited);
                                             look_for_a_refused_certificate();
                                             over_ = true;
                                         });
    }

    /// nginx and others finish the handshake without the certificate that they want, or with another, and
    /// refuse by HTTP.
    void look_for_a_refused_certificate() {
        auto& visited = *observation_.visited;
        if (!observation_.report.handshake.certificate_requested || visited.failure ||
            std::ranges::count(refusals_of_a_certificate, visited.status) == 0)
            return;
        visited.failure = tls::Failure{.phase = tls::Phase::after,
                                       .kind = tls::FailureKind::http,
                                       .alert = std::nullopt,
                                       .detail = "HTTP " + std::to_string(visited.status) +
                                                 (trial_.profile.client_certificate ? " with" : " without") +
                                                 " the client certificate that was asked for"};
    }

    void start_probe() {
        observation_.number = prober_.take_handshake();
        probe_ = diagnose::start_probe(prober_.loop_, prober_.resolver_,
                                       {.dial = prober_.way_of(trial_), .hello = *trial_.hello},
                                       [this](Probed probed) { take(std::move(probed)); });
    }

    void take(Probed probed) {
        observation_.report = std::move(probed.dial);
        observation_.report.failure = probed.answer.failure;
        answer_ = std::move(probed.answer);
        observation_.report.handshake.offered.emplace().bytes = wire_size(probed.sent);
        over_ = true;
    }

    Prober& prober_;
    Trial trial_;
    Observation observation_;
    Answer answer_;
    std::unique_ptr<net::Dial> dial_;
    std::unique_ptr<Visit> visit_;
    std::unique_ptr<Probe> probe_;
    bool over_ = false;
};

Prober::Prober(policy::Origin target, std::string path, Limits limits,
               std::function<void(Trial const&, Observation const&)> tried)
    : target_(std::move(target))
    , path_(std::move(path))
    , limits_(limits)
    , tried_(std::move(tried)) {}

Prober::~Prober() = default;

unsigned Prober::take_handshake() {
    if (used_ >= limits_.handshakes)
        throw OutOfHandshakes("the " + std::to_string(limits_.handshakes) +
                              " handshakes that were allowed are used up");
    auto const now = std::chrono::steady_clock::now();
    if (now < next_start_) std::this_thread::sleep_for(next_start_ - now);
    next_start_ = std::chrono::steady_clock::now() + limits_.pause;
    return ++used_;
}

Prober::Context Prober::context_for(tls::Profile const& profile) {
    auto const made = std::ranges::find(
        contexts_, profile, [](auto const& context) -> auto const& { return context->profile(); });
    if (made != contexts_.end()) return *made;
    auto context = tls::engine::ClientContext::make(profile);
    if (context) contexts_.push_back(*context);
    return context;
}

void Prober::turn_until(std::function<bool()> const& over) {
    while (!over()) {
        if (limits_.stop.stop_requested()) throw OutOfHandshakes("it was stopped");
        loop_.turn(longest_turn);
    }
}

Observation Prober::try_once(Trial const& trial) {
    return std::move(try_all({&trial, 1}, 1).front());
}

std::vector<Observation> Prober::try_all(std::span<Trial const> trials, unsigned at_once) {
    std::vector<Observation> observations(trials.size());
    attempt_all(trials, at_once,
                [&](std::size_t index, Attempt& attempt) { observations[index] = attempt.observation(); });
    return observations;
}

std::vector<Answer> Prober::probe_all(std::span<Trial const> trials, unsigned at_once) {
    std::vector<Answer> answers(trials.size());
    attempt_all(trials, at_once,
                [&](std::size_t index, Attempt& attempt) { answers[index] = attempt.take_answer(); });
    return answers;
}

void Prober::attempt_all(std::span<Trial const> trials, unsigned at_once,
                         std::function<void(std::size_t, Attempt&)> const& over) {
    std::vector<std::pair<std::size_t, std::unique_ptr<Attempt>>> running;
    std::size_t next = 0, ended = 0;
    while (ended < trials.size()) {
        while (next < trials.size() && running.size() < at_once) {
            running.emplace_back(next, std::make_unique<Attempt>(*this, trials[next]));
            ++next;
        }
        auto const is_over = [](auto const& attempt) { return attempt.second->over(); };
        turn_until([&] { return std::ranges::any_of(running, is_over); });
        for (auto const& [index, attempt] : running) {
            if (!attempt->over()) continue;
            ++ended;
            if (tried_) tried_(attempt->trial(), attempt->observation());
            over(index, *attempt);
        }
        std::erase_if(running, is_over);
    }
}

net::DialRequest Prober::way_of(Trial const& trial) const {
    net::DialRequest request;
    request.origin = target_;
    request.resolver = trial.resolver;
    request.address = trial.address;
    request.via = trial.via;
    request.timeouts = limits_.timeouts;
    request.own_listeners = limits_.own_listeners;
    return request;
}

BisectReport Prober::bisect(Trial const& trial, std::optional<Hello> working) {
    std::optional<BisectReport> report;
    HelloBisect::Settings settings;
    settings.most_asked = left();
    auto const asked_before = used_;
    auto const bisect = start_bisect(
        loop_, resolver_,
        {.dial = way_of(trial),
         .failing = *trial.hello,
         .working = std::move(working),
         .settings = settings,
         .pause = limits_.pause},
        [&](BisectProgress const& progress) {
            used_ = asked_before + static_cast<unsigned>(progress.asked);
            if (!tried_) return;
            Observation observation;
            observation.number = used_;
            observation.report = progress.last.dial;
            observation.report.failure = progress.last.answer.failure;
            tried_(trial, observation);
        },
        [&](BisectReport done) { report = std::move(done); });
    turn_until([&] { return report.has_value(); });
    return std::move(*report);
}

net::Resolver::Answer Prober::look_up(policy::Resolver const& how) {
    std::optional<net::Resolver::Answer> answer;
    auto const query =
        resolver_.resolve(how, target_.host, [&](net::Resolver::Answer got) { answer = std::move(got); });
    turn_until([&] { return answer.has_value(); });
    return std::move(*answer);
}

} // namespace alert40::diagnose
