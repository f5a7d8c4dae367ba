// Every sequence of failures that a ladder can meet, against the rules as sentences.
#include "policy/fallback_ladder.hpp"
#include "support/catch.hpp"

#include <array>

using namespace alert40;
using namespace alert40::policy;
using tls::AlertDescription;

namespace {

constexpr std::size_t weak_step = 3;

std::array<tls::Profile, 4> const profiles = [] {
    std::array<tls::Profile, 4> all;
    all[2].max_version = tls::ProtocolVersion::tls1_2;
    all[weak_step].max_version = tls::ProtocolVersion::tls1_2;
    all[weak_step].legacy_renegotiation = true;
    return all;
}();
std::array<tls::Profile const*, 4> const pointers = {&profiles[0], &profiles[1], &profiles[2], &profiles[3]};

tls::Failure alert(AlertDescription description) {
    tls::Failure failure;
    failure.alert = tls::Alert{tls::AlertLevel::fatal, description, tls::Direction::received};
    return failure;
}

tls::Failure const moving = alert(AlertDescription::handshake_failure);
tls::Failure const stronger = alert(AlertDescription::insufficient_security);
tls::Failure const fallback = alert(AlertDescription::inappropriate_fallback);
tls::Failure const certificate = {tls::By::local, tls::Phase::certificate, tls::FailureKind::verify, {}, ""};
std::array const failures = {&moving, &stronger, &fallback, &certificate};

/// What the rules need to know of the dials so far.
struct History {
    std::vector<Attempt> attempts;
    std::vector<tls::Failure const*> failures;
    bool refused = false; ///< 86 answered an SCSV within the floor under `probe`
    unsigned retries = 0;
    bool remembered_dialled = false;
};

class Walk {
  public:
    Walk(Ladder const& ladder, std::optional<std::size_t> remembered)
        : ladder_(&ladder)
        , remembered_(remembered) {}

    void run() {
        FallbackLadder machine(*ladder_, pointers, remembered_);
        auto const first = machine.first();
        REQUIRE(first.step == remembered_.value_or(0));
        visit(machine, {}, first);
        REQUIRE(ends_ > 0);
    }

  private:
    bool lower(std::size_t step) const { return profiles[step].max_version < profiles[0].max_version; }

    bool wants_scsv(std::size_t step, History const& history) const {
        if (!lower(step)) return false;
        if (step == weak_step || ladder_->scsv == Scsv::strict) return true;
        return ladder_->scsv == Scsv::probe && !history.refused;
    }

    void visit(FallbackLadder const& machine, History history, Attempt const& attempt) {
        history.attempts.push_back(attempt);
        REQUIRE(history.attempts.size() <= 2 * profiles.size() + ladder_->retry + 2);
        REQUIRE(attempt.number == history.attempts.size());
        REQUIRE(attempt.fallback_scsv == wants_scsv(attempt.step, history));
        REQUIRE_FALSE((attempt.fallback_scsv && attempt.resumption));
        if (attempt.retry) {
            REQUIRE(attempt.step == 0);
            REQUIRE_FALSE(attempt.resumption);
            REQUIRE(++history.retries <= ladder_->retry);
        }
        for (auto const* failure : failures)
            after(machine, history, *failure);
    }

    void after(FallbackLadder machine, History history, tls::Failure const& failure) {
        auto const attempt = history.attempts.back();
        bool const on_remembered = remembered_.value_or(0) != 0 && !history.remembered_dialled;
        bool const refused = attempt.fallback_scsv && &failure == &fallback;
        history.failures.push_back(&failure);

        auto const next = machine.failed(failure);
        REQUIRE(machine.first_failure() == *history.failures.front());
        auto const* dial = std::get_if<Attempt>(&next);

        if (refused && attempt.step != weak_step && ladder_->scsv == Scsv::probe) {
            REQUIRE(dial);
            REQUIRE(dial->step == attempt.step);
            REQUIRE(machine.finding());
            history.refused = true;
        } else if (on_remembered) {
            REQUIRE(dial);
            REQUIRE(dial->step == 0);
            REQUIRE_FALSE(dial->retry);
            history.remembered_dialled = true;
        } else if (refused || (attempt.step == 0 && &failure != &moving)) {
            REQUIRE_FALSE(dial);
        } else if (attempt.step == 0 && history.retries < ladder_->retry) {
            REQUIRE(dial);
            REQUIRE(dial->retry);
        } else if (attempt.step + 1 < profiles.size()) {
            REQUIRE(dial);
            REQUIRE(dial->step == attempt.step + 1);
        } else {
            REQUIRE_FALSE(dial);
        }
        if (dial)
            visit(machine, history, *dial);
        else
            ++ends_;
    }

    Ladder const* ladder_;
    std::optional<std::size_t> remembered_;
    std::size_t ends_ = 0;
};

} // namespace

TEST_CASE("every sequence of failures ends, and each dial on the way keeps the rules") {
    for (auto const scsv : {Scsv::probe, Scsv::strict, Scsv::off}) {
        for (unsigned const retry : {0U, 1U, 2U}) {
            for (std::size_t remembered = 0; remembered <= profiles.size(); ++remembered) {
                CAPTURE(name_of(scsv), retry, remembered);
                auto ladder = standard_ladder();
                ladder.steps = {"a", "b", "c", "weak"};
                ladder.weak_steps = {weak_step};
                ladder.scsv = scsv;
                ladder.retry = retry;
                bool const none = remembered == profiles.size();
                Walk(ladder, none ? std::nullopt : std::optional(remembered)).run();
            }
        }
    }
}
