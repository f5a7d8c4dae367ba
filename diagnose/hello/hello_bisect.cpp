#include "diagnose/hello/hello_bisect.hpp"

#include "diagnose/hello/fresh.hpp"
#include "diagnose/hello/minimal_subset.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace alert40::diagnose {
namespace {

constexpr std::size_t least_padding = 5; ///< bytes: an extension with one in it

Subset everything(std::size_t size) {
    Subset all(size);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// Whoever takes a hello now this way, now that one is asked again and again; this is how it counts.
Outcome last_of(Tally const& tally) {
    if (tally.failed.empty()) return {true, {}};
    return {false, tally.failed.begin()->first};
}

} // namespace

std::size_t Tally::asked() const {
    return std::accumulate(failed.begin(), failed.end(), worked,
                           [](std::size_t sum, auto const& one) { return sum + one.second; });
}

// It keeps what it was told and nothing else: with every answer it goes the whole way again, from the
// beginning, and stops where it has to ask something that it does not know. Each step returns nothing then.

HelloBisect::HelloBisect(Hello failing, std::vector<Candidate> candidates, Settings settings)
    : settings_(settings)
    , failing_(std::move(failing))
    , candidates_(std::move(candidates)) {
    go_on();
}

void HelloBisect::answer(Outcome const& outcome) {
    auto& tally = tallies_[records_of(*std::exchange(next_, std::nullopt))];
    outcome.works ? ++tally.worked : ++tally.failed[outcome.how];
    ++result_.asked;
    go_on();
}

void HelloBisect::go_on() {
    if (stage_ == Stage::over) return;
    causes_.clear();
    if (!run()) return;
    stage_ = Stage::over;
    next_.reset();
}

/// True: it is over.
bool HelloBisect::run() {
    for (auto const step : {&HelloBisect::look_at_failing, &HelloBisect::find_candidate,
                            &HelloBisect::find_causes, &HelloBisect::find_cure, &HelloBisect::confirm}) {
        auto const more = (this->*step)();
        if (stage_ == Stage::over) return true;
        if (!more) return false;
    }
    end(Verdict::reduced);
    return true;
}

auto HelloBisect::look_at_failing() -> Known {
    stage_ = Stage::failing;
    auto const taken = known(failing_, settings_.confirmations);
    if (!taken) return std::nullopt;
    result_.tally = tallies_[records_of(failing_)];
    result_.failure = taken->how;
    if (taken->works) end(Verdict::works);
    return true;
}

auto HelloBisect::find_candidate() -> Known {
    stage_ = Stage::candidates;
    for (auto const& candidate : candidates_) {
        auto const works_once = works(candidate.hello);
        if (!works_once) return std::nullopt;
        if (!*works_once) continue;
        if (!works(candidate.hello, settings_.confirmations)) return std::nullopt;
        if (!comparison_) {
            comparison_.emplace(candidate.hello, failing_);
            result_.candidate = candidate.name;
            result_.differences = comparison_->differences();
        }
        return true;
    }
    end(Verdict::nothing_works);
    return true;
}

auto HelloBisect::find_causes() -> Known {
    stage_ = Stage::causes;
    auto const by_size = fails_by_size();
    if (!by_size) return std::nullopt;
    if (*by_size) return find_size_cause();
    auto left = everything(comparison_->differences().size());
    while (causes_.size() < settings_.most_causes) {
        auto const fails_with_rest = fails(with(left));
        if (!fails_with_rest) return std::nullopt;
        if (!*fails_with_rest) break;
        auto cause = minimal_subset(left, [&](Subset const& tried) { return fails(with(tried)); });
        if (!cause) return std::nullopt;
        left = less(left, *cause);
        causes_.push_back(*std::move(cause));
        auto const cured = cure_of(causes_.front());
        if (!cured) return std::nullopt;
        if (cured->has_value()) break; // the first has to do with all that there are
    }
    result_.causes.clear();
    for (auto const& cause : causes_)
        result_.causes.push_back(named(cause));
    return true;
}

/// A large hello has many things that make it large, and each would be found: so its size is asked for first.
/// It only is the cause if the padding as such is not.
auto HelloBisect::fails_by_size() -> Known {
    auto const& working = comparison_->working();
    auto const size = wire_size(failing_), least = wire_size(working) + least_padding;
    if (size <= least) return false;
    auto const large = fails(padded_to(working, size));
    if (!large || !*large) return large;
    return works(padded_to(working, least));
}

auto HelloBisect::find_size_cause() -> Known {
    auto const& working = comparison_->working();
    auto works_with = wire_size(working) + least_padding, fails_with = wire_size(failing_);
    while (fails_with - works_with > 1) {
        auto const middle = works_with + (fails_with - works_with) / 2;
        auto const failed = fails(padded_to(working, middle));
        if (!failed) return std::nullopt;
        (*failed ? fails_with : works_with) = middle;
    }
    result_.fails_from_bytes = fails_with;
    result_.causes = {
        {Difference{.place = Place::size, .kind = Difference::Kind::changed, .bytes = fails_with}}};
    return true;
}

auto HelloBisect::find_cure() -> Known {
    stage_ = Stage::cure;
    Subset all;
    for (auto const& cause : causes_)
        all = together(all, cause);
    auto cure = cure_of(all);
    if (!cure) return std::nullopt;
    if (!*cure) { // it was the size, or what fails then fails otherwise
        auto found = minimal_subset(everything(comparison_->differences().size()),
                                    [&](Subset const& undone) { return works(without(undone)); });
        if (!found) return std::nullopt;
        cure->emplace(*std::move(found));
    }
    result_.cure = named(**cure);
    result_.mended = without(**cure);
    return true;
}

/// A part of these without which the failing hello works, as small as can be; nothing in it: there is none.
std::optional<std::optional<Subset>> HelloBisect::cure_of(Subset const& causes) {
    auto const mends = [&](Subset const& undone) { return works(without(undone)); };
    for (auto const one : causes) {
        auto const mended = mends({one});
        if (!mended) return std::nullopt;
        if (*mended) return Subset{one};
    }
    if (causes.size() < 2) return std::optional<Subset>{};
    auto const mended = mends(causes);
    if (!mended) return std::nullopt;
    if (!*mended) return std::optional<Subset>{};
    auto smallest = minimal_subset(causes, mends);
    if (!smallest) return std::nullopt;
    return smallest;
}

auto HelloBisect::confirm() -> Known {
    stage_ = Stage::confirming;
    auto const times = settings_.confirmations;
    if (!works(*result_.mended, times)) return std::nullopt;
    if (result_.fails_from_bytes) return confirm_size();
    auto const& cause = causes_.front();
    auto const& fails_with = with(cause);
    if (!fails(fails_with, times)) return std::nullopt;
    for (auto const one : cause) {
        auto const& spared = with(less(cause, {one}));
        auto const worked = works(spared, times);
        if (!worked) return std::nullopt;
        if (!*worked) continue; // it fails otherwise
        result_.works = spared;
        result_.fails = fails_with;
        result_.between = comparison_->differences()[one];
        break;
    }
    return true;
}

auto HelloBisect::confirm_size() -> Known {
    auto const& working = comparison_->working();
    auto const size = *result_.fails_from_bytes;
    result_.fails = padded_to(working, size);
    result_.works = padded_to(working, size - 1);
    result_.between = result_.causes.front().front();
    auto const times = settings_.confirmations;
    auto const failed = fails(*result_.fails, times);
    return failed ? works(*result_.works, times) : failed;
}

auto HelloBisect::fails(Hello const& hello, std::size_t times) -> Known {
    auto const taken = known(hello, times);
    if (!taken) return std::nullopt;
    return !taken->works && taken->how == result_.failure;
}

auto HelloBisect::works(Hello const& hello, std::size_t times) -> Known {
    auto const taken = known(hello, times);
    if (!taken) return std::nullopt;
    return taken->works;
}

std::optional<Outcome> HelloBisect::known(Hello const& hello, std::size_t times) {
    if (stage_ == Stage::over) return std::nullopt;
    auto const& tally = tallies_[records_of(hello)];
    bool const agreed = tally.unanimous();
    if (tally.asked() >= (agreed ? times : settings_.for_rate)) {
        if (agreed) return last_of(tally);
        result_.tally = tally;
        end(Verdict::intermittent);
    } else if (result_.asked >= settings_.most_asked) {
        if (!agreed) result_.tally = tally;
        end(agreed ? Verdict::unfinished : Verdict::intermittent);
    } else {
        next_ = hello;
    }
    return std::nullopt;
}

Hello const& HelloBisect::with(Subset const& applied) {
    auto const [made, is_new] = made_.try_emplace(applied);
    if (is_new) made->second = comparison_->with(applied);
    return made->second;
}

Hello const& HelloBisect::without(Subset const& undone) {
    return with(less(everything(comparison_->differences().size()), undone));
}

std::vector<Difference> HelloBisect::named(Subset const& numbers) const {
    std::vector<Difference> out;
    for (auto const number : numbers)
        out.push_back(comparison_->differences()[number]);
    return out;
}

void HelloBisect::end(Verdict verdict) {
    result_.verdict = verdict;
    stage_ = Stage::over;
}

} // namespace alert40::diagnose
