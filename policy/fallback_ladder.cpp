#include "policy/fallback_ladder.hpp"

#include <algorithm>
#include <cassert>

namespace alert40::policy {
namespace {

bool is_inappropriate_fallback(tls::Failure const& failure) {
    return failure.alert && failure.alert->description == tls::AlertDescription::inappropriate_fallback &&
           failure.alert->direction == tls::Direction::received;
}

bool in(std::vector<Trigger> const& on, tls::Failure const& failure) {
    return std::any_of(on.begin(), on.end(),
                       [&](Trigger const& trigger) { return trigger.matches(failure); });
}

} // namespace

FallbackLadder::FallbackLadder(Ladder const& ladder, std::span<tls::Profile const* const> profiles,
                               std::optional<std::size_t> remembered, bool scsv_refused)
    : ladder_(&ladder)
    , profiles_(profiles)
    , retries_left_(ladder.retry) {
    assert(!profiles.empty() && profiles.size() == ladder.steps.size());
    if (!remembered || *remembered == 0 || *remembered >= profiles.size()) return;
    remembered_ = *remembered;
    scsv_refused_ = scsv_refused;
}

Attempt FallbackLadder::first() {
    on_remembered_ = remembered_ != 0;
    return attempt(remembered_, false, true);
}

Next FallbackLadder::failed(tls::Failure const& failure) {
    if (!first_failure_) first_failure_ = failure;
    if (current_.fallback_scsv && is_inappropriate_fallback(failure)) return fallback_refused();
    if (on_remembered_) return start_from_top();
    if (current_.step == 0) return after_first_step(failure);
    return next_step();
}

// RFC 7507: the server speaks a higher version than this step offers.
Next FallbackLadder::fallback_refused() {
    finding_ =
        "the server answered TLS_FALLBACK_SCSV with alert 86: it speaks a higher version than \"" +
        ladder_->steps[current_.step] +
        "\" offers, so the version was never its problem; the path, or something else that we offered, is";
    bool const strict = ladder_->scsv != Scsv::probe || weak(current_.step);
    if (!strict) {
        scsv_refused_ = true;
        return attempt(current_.step, false, false);
    }
    if (on_remembered_) return start_from_top();
    return GaveUp{};
}

Next FallbackLadder::after_first_step(tls::Failure const& failure) {
    if (!in(ladder_->on, failure)) return GaveUp{};
    if (retries_left_ == 0) return next_step();
    --retries_left_;
    return attempt(0, true, false);
}

Next FallbackLadder::next_step() {
    if (current_.step + 1 >= profiles_.size()) return GaveUp{};
    return attempt(current_.step + 1, false, true);
}

Attempt FallbackLadder::start_from_top() {
    on_remembered_ = false;
    return attempt(0, false, true);
}

Attempt FallbackLadder::attempt(std::size_t step, bool retry, bool resumption) {
    bool const scsv = wants_scsv(step);
    // A resumed handshake must not carry the SCSV (RFC 7507 section 4), and only a full one can be judged by
    // it.
    current_ = {step, ++dials_, retry, resumption && !scsv, scsv};
    return current_;
}

bool FallbackLadder::weak(std::size_t step) const {
    auto const& weak = ladder_->weak_steps;
    return std::find(weak.begin(), weak.end(), step) != weak.end();
}

bool FallbackLadder::wants_scsv(std::size_t step) const {
    if (profiles_[step]->max_version >= profiles_[0]->max_version) return false;
    if (weak(step)) return true;
    return ladder_->scsv == Scsv::strict || (ladder_->scsv == Scsv::probe && !scsv_refused_);
}

std::optional<std::size_t> FallbackLadder::succeeded() const {
    bool const learned_about_scsv = finding_ && current_.step != 0;
    if (current_.step == remembered_ && !learned_about_scsv) return std::nullopt;
    return current_.step;
}

std::optional<std::string> FallbackLadder::finding() const {
    return finding_;
}

} // namespace alert40::policy
