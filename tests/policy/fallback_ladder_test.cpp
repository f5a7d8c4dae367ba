#include "policy/fallback_ladder.hpp"
#include "support/catch.hpp"

#include <initializer_list>
#include <memory>

using namespace alert40;
using namespace alert40::policy;
using tls::AlertDescription;
using tls::FailureKind;

namespace {

enum class Dial { plain, retry, with_scsv, without_scsv };

tls::Failure cut(FailureKind kind) {
    return {tls::By::upstream, tls::Phase::client_hello, kind, {}, ""};
}

tls::Failure alert(unsigned number) {
    auto failure = cut(FailureKind::alert);
    failure.alert =
        tls::Alert{tls::AlertLevel::fatal, static_cast<AlertDescription>(number), tls::Direction::received};
    return failure;
}

Ladder ladder_of(std::vector<std::string> steps, Scsv scsv = Scsv::probe) {
    auto ladder = standard_ladder();
    ladder.name = "test";
    ladder.steps = std::move(steps);
    ladder.scsv = scsv;
    for (std::size_t i = 0; i < ladder.steps.size(); ++i)
        if (ladder.steps[i] == "legacy12") ladder.weak_steps.push_back(i);
    return ladder;
}

/// One run of a ladder, told as a conversation with the network.
class Run {
  public:
    explicit Run(Ladder ladder, std::optional<std::size_t> remembered = std::nullopt,
                 bool scsv_refused = false)
        : ladder_(std::move(ladder)) {
        for (auto const& step : ladder_.steps)
            profiles_.push_back(profile(step));
        for (auto const& one : profiles_)
            pointers_.push_back(&one);
        machine_ = std::make_unique<FallbackLadder>(ladder_, pointers_, remembered, scsv_refused);
        next_ = machine_->first();
    }

    Run& dials(std::string const& step, Dial how = Dial::plain) {
        auto const* attempt = std::get_if<Attempt>(&next_);
        REQUIRE(attempt);
        CAPTURE(++dials_);
        CHECK(ladder_.steps[attempt->step] == step);
        CHECK(attempt->number == dials_);
        CHECK(attempt->retry == (how == Dial::retry));
        CHECK(attempt->fallback_scsv == (how == Dial::with_scsv));
        CHECK(attempt->resumption == (how == Dial::plain));
        return *this;
    }

    Run& fails(tls::Failure const& failure) {
        failures_.push_back(failure);
        next_ = machine_->failed(failure);
        return *this;
    }

    void established(std::optional<std::size_t> remembers) { CHECK(machine_->succeeded() == remembers); }

    Run& gives_up() {
        CHECK(std::holds_alternative<GaveUp>(next_));
        CHECK(machine_->first_failure() == failures_.front());
        return *this;
    }

    Run& finds(bool something) {
        CHECK(machine_->finding().has_value() == something);
        CHECK(machine_->scsv_refused() == something);
        return *this;
    }

  private:
    static tls::Profile profile(std::string const& name) {
        tls::Profile profile = tls::built_in_profile(name) ? *tls::built_in_profile(name) : tls::Profile{};
        if (name == "legacy12") profile.max_version = tls::ProtocolVersion::tls1_2;
        profile.name = name;
        return profile;
    }

    Ladder ladder_;
    std::vector<tls::Profile> profiles_;
    std::vector<tls::Profile const*> pointers_;
    std::unique_ptr<FallbackLadder> machine_;
    Next next_;
    unsigned dials_ = 0;
    std::vector<tls::Failure> failures_;
};

} // namespace

TEST_CASE("an origin that takes the first step costs one dial and is not worth remembering") {
    Run(standard_ladder()).dials("modern").established(std::nullopt);
}

TEST_CASE("alert 40: the first step once more without resumption, then the next") {
    Run(standard_ladder())
        .dials("modern")
        .fails(alert(40))
        .dials("modern", Dial::retry)
        .established(std::nullopt);
    Run(standard_ladder())
        .dials("modern")
        .fails(alert(40))
        .dials("modern", Dial::retry)
        .fails(alert(40))
        .dials("http1")
        .established(1);
}

TEST_CASE("what stands in `on` moves the first step, and nothing else") {
    for (auto const& moves :
         {alert(40), alert(70), alert(80), alert(112), alert(120), cut(FailureKind::reset),
          cut(FailureKind::eof), cut(FailureKind::timeout), cut(FailureKind::h2)})
        Run(standard_ladder()).dials("modern").fails(moves).dials("modern", Dial::retry);
    for (auto const& ends : {alert(71), alert(42), alert(48), alert(109), alert(86), cut(FailureKind::verify),
                             cut(FailureKind::dns), cut(FailureKind::refused), cut(FailureKind::not_tls)}) {
        Run(standard_ladder()).dials("modern").fails(ends).gives_up();
        Run(standard_ladder())
            .dials("modern")
            .fails(alert(40))
            .dials("modern", Dial::retry)
            .fails(ends)
            .gives_up();
    }
}

TEST_CASE("after the first step every failure moves on, and the first failure is what is reported") {
    Run(standard_ladder())
        .dials("modern")
        .fails(alert(112))
        .dials("modern", Dial::retry)
        .fails(alert(40))
        .dials("http1")
        .fails(alert(71))
        .dials("no-alpn")
        .fails(cut(FailureKind::reset))
        .dials("no-sni")
        .fails(cut(FailureKind::verify)) // another certificate without a name: that step failed, no more
        .dials("small-hello")
        .fails(cut(FailureKind::dns))
        .dials("tls12", Dial::with_scsv)
        .fails(alert(70))
        .gives_up();
}

TEST_CASE("a ladder without retries goes straight on; one with several tries as often as it says") {
    auto ladder = ladder_of({"modern", "http1"});
    ladder.retry = 0;
    Run(ladder).dials("modern").fails(alert(40)).dials("http1").fails(alert(40)).gives_up();
    ladder.retry = 2;
    Run(ladder)
        .dials("modern")
        .fails(alert(40))
        .dials("modern", Dial::retry)
        .fails(alert(40))
        .dials("modern", Dial::retry)
        .fails(alert(40))
        .dials("http1");
}

TEST_CASE("a remembered step is dialled first, and is nothing new when it works") {
    Run(standard_ladder(), 1).dials("http1").established(std::nullopt);
}

TEST_CASE("a remembered step that fails starts the ladder once from its top, whatever the failure") {
    for (auto const& failure : {alert(40), alert(71), cut(FailureKind::refused)}) {
        Run(standard_ladder(), 1).dials("http1").fails(failure).dials("modern").established(0);
        Run(ladder_of({"modern", "http1"}), 1)
            .dials("http1")
            .fails(failure)
            .dials("modern")
            .fails(alert(40))
            .dials("modern", Dial::retry)
            .fails(alert(40))
            .dials("http1")
            .fails(alert(40))
            .gives_up();
    }
}

TEST_CASE("a memory of a step that the ladder no longer has is no memory") {
    Run(ladder_of({"modern", "http1"}), 7).dials("modern").established(std::nullopt);
    Run(ladder_of({"modern", "http1"}), 0).dials("modern").established(std::nullopt);
}

TEST_CASE("probe: 86 is a finding, and the step is dialled once more without the SCSV") {
    auto const ladder = ladder_of({"modern", "tls12", "http1"});
    Run(ladder)
        .dials("modern")
        .fails(alert(70))
        .dials("modern", Dial::retry)
        .fails(alert(70))
        .dials("tls12", Dial::with_scsv)
        .fails(alert(86))
        .dials("tls12", Dial::without_scsv)
        .finds(true)
        .established(1);
    Run(ladder)
        .dials("modern")
        .fails(cut(FailureKind::reset))
        .dials("modern", Dial::retry)
        .fails(cut(FailureKind::reset))
        .dials("tls12", Dial::with_scsv)
        .fails(alert(86))
        .dials("tls12", Dial::without_scsv)
        .fails(alert(40))
        .dials("http1");
}

TEST_CASE("probe: an old server that takes no notice of the SCSV is no finding") {
    Run(ladder_of({"modern", "tls12"}))
        .dials("modern")
        .fails(cut(FailureKind::reset))
        .dials("modern", Dial::retry)
        .fails(cut(FailureKind::reset))
        .dials("tls12", Dial::with_scsv)
        .finds(false)
        .established(1);
}

TEST_CASE("probe: what was learned about the SCSV is remembered with the step") {
    auto const ladder = ladder_of({"modern", "tls12"});
    Run(ladder, 1).dials("tls12", Dial::with_scsv).established(std::nullopt);
    Run(ladder, 1, true).dials("tls12").established(std::nullopt);
    Run(ladder, 1)
        .dials("tls12", Dial::with_scsv)
        .fails(alert(86))
        .dials("tls12", Dial::without_scsv)
        .established(1);
}

TEST_CASE("strict: 86 ends the ladder") {
    Run(ladder_of({"modern", "tls12", "http1"}, Scsv::strict))
        .dials("modern")
        .fails(alert(70))
        .dials("modern", Dial::retry)
        .fails(alert(70))
        .dials("tls12", Dial::with_scsv)
        .fails(alert(86))
        .gives_up();
}

TEST_CASE("strict: 86 for a remembered step says that the memory is stale: from the top") {
    Run(ladder_of({"modern", "tls12"}, Scsv::strict), 1)
        .dials("tls12", Dial::with_scsv)
        .fails(alert(86))
        .dials("modern")
        .established(0);
}

TEST_CASE("off: no SCSV is sent, and 86 is a failure like any other") {
    Run(ladder_of({"modern", "tls12", "http1"}, Scsv::off))
        .dials("modern")
        .fails(alert(40))
        .dials("modern", Dial::retry)
        .fails(alert(40))
        .dials("tls12")
        .fails(alert(86))
        .dials("http1");
}

TEST_CASE("below the floor 86 always ends the ladder") {
    for (auto const scsv : {Scsv::probe, Scsv::strict, Scsv::off})
        Run(ladder_of({"modern", "legacy12", "http1"}, scsv))
            .dials("modern")
            .fails(alert(70))
            .dials("modern", Dial::retry)
            .fails(alert(70))
            .dials("legacy12", Dial::with_scsv)
            .fails(alert(86))
            .gives_up();
}

TEST_CASE("below the floor the SCSV goes out even after a finding") {
    Run(ladder_of({"modern", "tls12", "legacy12"}))
        .dials("modern")
        .fails(alert(70))
        .dials("modern", Dial::retry)
        .fails(alert(70))
        .dials("tls12", Dial::with_scsv)
        .fails(alert(86))
        .dials("tls12", Dial::without_scsv)
        .fails(alert(40))
        .dials("legacy12", Dial::with_scsv)
        .fails(alert(86))
        .gives_up();
}
