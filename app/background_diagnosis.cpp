#include "app/background_diagnosis.hpp"

#include "app/log.hpp"
#include "diagnose/verdict/search.hpp"
#include "diagnose/verdict/verdict.hpp"
#include "record/ulid.hpp"

#include <exception>
#include <utility>

namespace alert40::app {

namespace {

using namespace std::chrono_literals;

constexpr unsigned most_handshakes = 40;
constexpr auto most_time = 60s; ///< of one diagnosis; a trial that is under way by then is the last
constexpr policy::Timeouts of_a_trial{.connect = 3s, .handshake = 5s, .total = 8s};

diagnose::Trial trial_of(proxy::Ailment const& ailment) {
    return {.profile = ailment.profile,
            .resolver = ailment.resolver,
            .address = ailment.address,
            .via = ailment.via};
}

/// Never with credentials.
std::string command_for(proxy::Ailment const& ailment) {
    auto command = "alert40 diagnose " + ailment.origin.text();
    if (ailment.address) command += " --connect-to " + ailment.address->text();
    if (ailment.via.kind != policy::Via::Kind::environment) command += " --via " + ailment.via.text();
    if (ailment.resolver.kind != policy::Resolver::Kind::system)
        command += " --resolver " + ailment.resolver.text();
    return command;
}

record::DiagnosisRecord record_of(proxy::Ailment const& ailment, diagnose::Findings const& findings,
                                  diagnose::Verdict const& verdict, unsigned handshakes) {
    record::DiagnosisRecord record{.id = record::new_ulid(),
                                   .time = std::chrono::system_clock::now(),
                                   .target = ailment.origin.text(),
                                   .profile = ailment.profile.name,
                                   .failure = ailment.failure,
                                   .outcome = std::string(name_of(verdict.kind)),
                                   .causes = verdict.causes,
                                   .verdict = verdict.sentence,
                                   .confidence = std::string(name_of(verdict.confidence)),
                                   .mended_by = {},
                                   .remedies = {},
                                   .evidence = verdict.evidence,
                                   .handshakes = handshakes,
                                   .policy = verdict.policy,
                                   .stopped = findings.stopped,
                                   .command = command_for(ailment)};
    for (auto const& change : findings.mends)
        record.mended_by.push_back(change.name);
    for (auto const& remedy : verdict.remedies)
        record.remedies.push_back({remedy.who, remedy.what, remedy.weak});
    return record;
}

record::DiagnosisRecord found_out(proxy::Ailment const& ailment, std::stop_token const& stop) {
    auto const end = std::chrono::steady_clock::now() + most_time;
    auto const in_time = [end](diagnose::Trial const&, diagnose::Observation const&) {
        if (std::chrono::steady_clock::now() >= end) throw diagnose::OutOfHandshakes("its time was over");
    };
    diagnose::Prober prober(ailment.origin, "/",
                            {.handshakes = most_handshakes,
                             .timeouts = of_a_trial,
                             .own_listeners = ailment.own_listeners,
                             .stop = stop},
                            in_time);
    auto const findings = search(prober, trial_of(ailment));
    return record_of(ailment, findings, judge(findings), prober.used());
}

} // namespace

BackgroundDiagnosis::BackgroundDiagnosis(record::Sink& sink)
    : sink_(sink) {}

BackgroundDiagnosis::~BackgroundDiagnosis() = default;

void BackgroundDiagnosis::ladder_failed(proxy::Ailment ailment) noexcept {
    try {
        std::lock_guard const lock(mutex_);
        if (!book_.admit(std::move(ailment), std::chrono::steady_clock::now())) return;
        if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
        news_.notify_one();
    } catch (std::exception const& error) { // no memory, no thread: the proxy goes on without
        log(LogLevel::warning, std::string("nothing is diagnosed in the background: ") + error.what());
    }
}

std::shared_ptr<record::DiagnosisRecord const> BackgroundDiagnosis::diagnosis(std::string const& key) const {
    std::lock_guard const lock(mutex_);
    return book_.find(key, std::chrono::steady_clock::now());
}

std::vector<DiagnosisBook::Diagnosis> BackgroundDiagnosis::diagnoses() const {
    std::lock_guard const lock(mutex_);
    return book_.all(std::chrono::steady_clock::now());
}

std::size_t BackgroundDiagnosis::forget(std::string_view host) {
    std::lock_guard const lock(mutex_);
    return book_.forget(host);
}

void BackgroundDiagnosis::run(std::stop_token const& stop) {
    while (auto const ailment = next(stop)) {
        try {
            diagnose(*ailment, stop);
        } catch (std::exception const& error) { // no more descriptors, say
            log(LogLevel::warning,
                ailment->origin.text() + " cannot be diagnosed in the background: " + error.what());
        }
    }
}

/// Nothing: it shall end.
std::optional<proxy::Ailment> BackgroundDiagnosis::next(std::stop_token const& stop) {
    std::unique_lock lock(mutex_);
    news_.wait(lock, stop, [this] { return book_.waits(); });
    return stop.stop_requested() ? std::nullopt : book_.next();
}

void BackgroundDiagnosis::diagnose(proxy::Ailment const& ailment, std::stop_token const& stop) {
    auto const found = std::make_shared<record::DiagnosisRecord const>(found_out(ailment, stop));
    if (stop.stop_requested()) return;
    {
        std::lock_guard const lock(mutex_);
        book_.settle(ailment.key, found);
    }
    sink_.take(*found);
}

} // namespace alert40::app
