#include "proxy/upstream/ladder_run.hpp"

#include "net/loop/event_loop.hpp"
#include "proxy/upstream/ladder_news.hpp"
#include "record/ulid.hpp"

#include <algorithm>
#include <utility>

namespace alert40::proxy {
namespace {

std::string reason_of(tls::Failure const& failure) {
    return failure.alert ? text_of(failure.alert->description) : std::string{name_of(failure.kind)};
}

/// The plain http origin's ladder: one dial.
policy::Ladder const& plain_ladder() {
    static policy::Ladder const ladder = [] {
        policy::Ladder plain;
        plain.retry = 0;
        plain.steps = {"plain"};
        return plain;
    }();
    return ladder;
}

tls::Profile const& plain_profile() {
    static tls::Profile const profile = [] {
        tls::Profile plain;
        plain.name = "plain";
        return plain;
    }();
    return profile;
}

} // namespace

LadderRun::LadderRun(UpstreamParts const& parts, std::shared_ptr<Way const> way, std::string listener,
                     Owner& owner)
    : parts_(parts)
    , shared_way_(std::move(way))
    , way_(*shared_way_)
    , owner_(owner)
    , listener_(std::move(listener))
    , key_(way_.memory_key())
    , connection_(record::new_ulid()) {
    meant_to_fail_ = policy::plays_client(way_.decision.faults);
    for (auto const& step : way_.steps)
        profiles_.push_back(&step.context->profile());
    if (profiles_.empty()) profiles_.push_back(&plain_profile());
}

LadderRun::~LadderRun() {
    if (leads_) parts_.registry.settle(key_, {});
}

/// Only a ladder that remembers has something to share; and of a failure on purpose nobody shall learn.
bool LadderRun::shared() const {
    return !meant_to_fail_ && way_.steps.size() > 1 && way_.decision.ladder.remember.count() > 0;
}

bool LadderRun::lead() {
    if (leads_) return true;
    // `this` is over when somebody else leads: what the follower keeps is the owner and the loop, which live
    // on
    auto follow = [&owner = owner_, &loop = parts_.loop](LadderRegistry::Outcome outcome) {
        loop.post([&owner, outcome = std::move(outcome)] { owner.other_run_ended(outcome); });
    };
    leads_ = parts_.registry.lead(key_, &owner_, std::move(follow));
    return leads_;
}

void LadderRun::start() {
    started_ = std::chrono::steady_clock::now();
    std::optional<std::size_t> remembered;
    bool scsv_refused = false;
    if (shared()) {
        auto const& steps = way_.decision.ladder.steps;
        auto const entry = parts_.registry.known(key_);
        if (entry && entry->step < steps.size() && steps[entry->step] == entry->profile) {
            remembered = entry->step;
            scsv_refused = entry->scsv_refused;
        }
        if (!remembered && !lead()) return owner_.follows(*this);
    }
    by_memory_ = remembered.has_value();
    ladder_.emplace(way_.steps.empty() ? plain_ladder() : way_.decision.ladder, profiles_, remembered,
                    scsv_refused);
    dial(ladder_->first());
}

void LadderRun::go_on(tls::Failure const& failure) {
    started_ = std::chrono::steady_clock::now();
    by_memory_ = shared() && !leads_;
    auto const next = next_after(failure);
    auto broken = connection_failure(failure);
    broken.next = name_of(next);
    parts_.sink.take(broken);
    record_.outcome = record::Outcome::failed;
    record_.failure = failure;
    failed_.push_back(record_);
    proceed(next);
}

void LadderRun::report(tls::Failure const& failure, std::optional<record::ExchangeFacts> exchange) {
    auto broken = connection_failure(failure);
    broken.exchange = std::move(exchange);
    parts_.sink.take(broken);
}

record::ConnectionFailureRecord LadderRun::connection_failure(tls::Failure const& failure) const {
    record::ConnectionFailureRecord broken;
    broken.id = record::new_ulid();
    broken.time = std::chrono::system_clock::now();
    broken.handshake = record_.id;
    broken.side = record::Side::upstream;
    broken.connection = connection_;
    broken.target = record_.target;
    broken.profile = record_.profile;
    broken.failure = failure;
    broken.injected_by = record_.injected_by;
    return broken;
}

void LadderRun::dial(policy::Attempt attempt) {
    attempt_ = attempt;
    net::DialRequest request;
    request.origin = way_.origin;
    request.resolver = way_.decision.resolver;
    request.address = way_.decision.address;
    request.via = way_.decision.via;
    request.timeouts = way_.decision.ladder.timeouts;
    auto const spent = std::chrono::steady_clock::now() - started_;
    request.timeouts.total = std::chrono::ceil<std::chrono::milliseconds>(request.timeouts.total - spent);
    request.own_listeners = way_.snapshot->own_listeners();
    if (!way_.steps.empty()) {
        request.context = way_.steps[attempt.step].context;
        request.options.target_name = way_.origin.host;
        request.options.session_key = key_;
        request.options.offer_resumption = attempt.resumption;
        request.options.fallback_scsv = attempt.fallback_scsv;
        if (way_.http1_only) request.options.alpn = std::vector<std::string>{"http/1.1"};
    }
    fault_.reset();
    if (meant_to_fail_) suffer(request);
    dial_ = net::start_dial(parts_.loop, parts_.resolver, std::move(request),
                            [this](net::Dialled dialled) { this->dialled(std::move(dialled)); });
}

/// What goes wrong with this dial is done here, by rule.
void LadderRun::suffer(net::DialRequest& request) {
    auto const* const app = way_.hello ? &way_.hello->offered : nullptr;
    fault_ = strike_dial(parts_.faults, way_.decision, request.context ? HelloOf::us : HelloOf::nobody, app);
    if (!fault_) return;
    request.ordeal = fault_->ordeal;
    request.options.session_key.clear(); // a session offered, or kept, would be something learned
    if (fault_->offers.empty()) return;
    auto const ready = way_.snapshot->offering(way_.steps[attempt_.step], fault_->offers);
    if (!ready) return fault_->notes.push_back("not offered: " + ready.error());
    request.context = ready->context;
    bool const says_alpn =
        std::ranges::any_of(fault_->offers, [](tls::Offer const& one) { return one.alpn.has_value(); });
    if (says_alpn) request.options.alpn.reset();
    for (auto const& weakness : ready->weaknesses)
        fault_->notes.push_back("weak: " + weakness);
}

void LadderRun::dialled(net::Dialled dialled) {
    dial_.reset();
    fill_record(dialled.report);
    if (record_.failure)
        fail();
    else
        succeed(std::move(dialled));
}

void LadderRun::fill_record(net::DialReport& report) {
    loop_ = report.loop;
    record_ = {};
    record_.id = record::new_ulid();
    record_.time = report.started;
    record_.connection = connection_;
    record_.listener = listener_;
    record_.rules = way_.decision.rules;
    record_.profile = profiles_[attempt_.step]->name;
    record_.attempt = attempt_.number;
    record_.target = {way_.origin.host, way_.origin.port, std::move(report.address),
                      std::move(report.resolver), std::move(report.via)};
    record_.handshake = std::move(report.handshake);
    record_.outcome = report.failure ? record::Outcome::failed : record::Outcome::established;
    record_.failure = std::move(report.failure);
    record_.timing = {report.resolve, report.connect, report.first_byte, report.total};
    if (fault_) {
        record_.injected_by = fault_->rule;
        record_.notes = fault_->notes;
        bool const other_hello = !fault_->ordeal.edit.changes_nothing() || !fault_->offers.empty();
        if (other_hello && record_.failure && record_.failure->by == tls::By::local)
            record_.failure->by = tls::By::injected; // what we did not take then is our own doing
    }
    if (way_.steps.empty()) return;
    auto const& step = way_.steps[attempt_.step];
    for (auto const& weakness : step.weaknesses)
        record_.notes.push_back("weak: " + weakness);
    for (auto const& what : step.missing)
        record_.notes.push_back("not mirrored: " + what);
}

void LadderRun::succeed(net::Dialled dialled) {
    if (auto finding = ladder_->finding()) record_.notes.push_back(*std::move(finding));
    if (!way_.steps.empty()) parts_.sink.take(record_);
    if (shared() && !by_memory_) {
        auto const now = policy::LadderMemory::Clock::now();
        auto const step = ladder_->step();
        policy::LadderMemory::Entry const entry{.host = way_.origin.host,
                                                .ladder = way_.decision.ladder.name,
                                                .step = step,
                                                .scsv_refused = ladder_->scsv_refused(),
                                                .profile = way_.decision.ladder.steps[step],
                                                .reason = step > 0 ? reason_ : std::string{},
                                                .learned = now,
                                                .expires = now + way_.decision.ladder.remember};
        parts_.registry.remember(key_, entry);
        if (step > 0) parts_.sink.take(news(record::LadderEvent::learned, entry));
    }
    if (std::exchange(leads_, false)) parts_.registry.settle(key_, {});
    owner_.established(*this, std::move(dialled));
}

void LadderRun::fail() {
    auto const next = loop_ ? policy::Next{policy::GaveUp{}} : next_after(*record_.failure);
    record_.next = name_of(next);
    if (auto finding = ladder_->finding()) record_.notes.push_back(*std::move(finding));
    parts_.sink.take(record_);
    failed_.push_back(record_);
    proceed(next);
}

policy::Next LadderRun::next_after(tls::Failure const& failure) {
    if (reason_.empty()) reason_ = reason_of(failure);
    if (std::exchange(by_memory_, false)) {
        auto const gone = parts_.registry.forget_step(key_, ladder_->step());
        if (gone && gone->step > 0) parts_.sink.take(news(record::LadderEvent::forgotten, *gone));
    }
    auto const next = ladder_->failed(failure);
    auto const spent = std::chrono::steady_clock::now() - started_;
    return spent < way_.decision.ladder.timeouts.total ? next : policy::Next{policy::GaveUp{}};
}

std::optional<std::string> LadderRun::name_of(policy::Next const& next) const {
    auto const* const attempt = std::get_if<policy::Attempt>(&next);
    if (!attempt) return std::nullopt;
    return attempt->step == attempt_.step ? "retry" : profiles_[attempt->step]->name;
}

void LadderRun::proceed(policy::Next const& next) {
    auto const* const attempt = std::get_if<policy::Attempt>(&next);
    if (!attempt) return give_up();
    if (shared() && !lead()) return owner_.follows(*this);
    dial(*attempt);
}

void LadderRun::give_up() {
    have_diagnosed();
    auto const failed = std::make_shared<std::vector<record::HandshakeRecord> const>(std::move(failed_));
    if (std::exchange(leads_, false)) parts_.registry.settle(key_, {failed, loop_});
    owner_.gave_up(*this, failed, loop_);
}

/// What failed on purpose has its cause in the policy.
void LadderRun::have_diagnosed() const {
    if (parts_.diagnostician == nullptr || !way_.wants_diagnosis() || meant_to_fail_ || loop_) return;
    parts_.diagnostician->ladder_failed({.key = key_,
                                         .origin = way_.origin,
                                         .profile = *profiles_.front(),
                                         .resolver = way_.decision.resolver,
                                         .address = way_.decision.address,
                                         .via = way_.decision.via,
                                         .own_listeners = way_.snapshot->own_listeners(),
                                         .failure = *failed_.front().failure});
}

} // namespace alert40::proxy
