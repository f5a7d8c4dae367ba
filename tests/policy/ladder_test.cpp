#include "policy/ladder.hpp"
#include "policy/policy.hpp"
#include "support/catch.hpp"

using namespace alert40::policy;
using namespace alert40;
using tls::AlertDescription;
using tls::Direction;
using tls::FailureKind;
using tls::Phase;

namespace {

tls::Failure failure(FailureKind kind, Phase phase = Phase::client_hello) {
    return {tls::By::upstream, phase, kind, {}, ""};
}

tls::Failure alert(AlertDescription description, Direction direction = Direction::received,
                   FailureKind kind = FailureKind::alert) {
    auto result = failure(kind);
    result.alert = tls::Alert{tls::AlertLevel::fatal, description, direction};
    return result;
}

Trigger on(Trigger::Kind kind) {
    return {kind, {}, {}};
}

} // namespace

TEST_CASE("an alert trigger takes its alert in either direction unless narrowed") {
    Trigger any{Trigger::Kind::alert, AlertDescription::handshake_failure, {}};
    CHECK(any.matches(alert(AlertDescription::handshake_failure)));
    CHECK(any.matches(alert(AlertDescription::handshake_failure, Direction::sent)));
    CHECK(any.matches(alert(AlertDescription::handshake_failure, Direction::sent, FailureKind::library)));
    CHECK_FALSE(any.matches(alert(AlertDescription::protocol_version)));
    CHECK_FALSE(any.matches(failure(FailureKind::reset)));

    Trigger received{Trigger::Kind::alert, AlertDescription::handshake_failure, Direction::received};
    CHECK(received.matches(alert(AlertDescription::handshake_failure)));
    CHECK_FALSE(received.matches(alert(AlertDescription::handshake_failure, Direction::sent)));
}

TEST_CASE("a certificate that failed verification triggers nothing, whatever alert went with it") {
    Trigger any{Trigger::Kind::alert, AlertDescription::handshake_failure, {}};
    CHECK_FALSE(
        any.matches(alert(AlertDescription::handshake_failure, Direction::sent, FailureKind::verify)));
}

TEST_CASE("cuts trigger from the ClientHello on, and not before") {
    CHECK(on(Trigger::Kind::reset).matches(failure(FailureKind::reset)));
    CHECK(on(Trigger::Kind::eof).matches(failure(FailureKind::eof)));
    CHECK(on(Trigger::Kind::timeout).matches(failure(FailureKind::timeout)));
    CHECK(on(Trigger::Kind::h2_broken).matches(failure(FailureKind::h2, Phase::after)));
    CHECK_FALSE(on(Trigger::Kind::reset).matches(failure(FailureKind::eof)));
    for (auto const phase : {Phase::resolve, Phase::connect, Phase::proxy_connect})
        CHECK_FALSE(on(Trigger::Kind::timeout).matches(failure(FailureKind::timeout, phase)));
}

TEST_CASE("triggers are written as in a policy") {
    CHECK(Trigger{Trigger::Kind::alert, AlertDescription::handshake_failure, {}}.text() == "alert:40");
    CHECK(Trigger{Trigger::Kind::alert, AlertDescription::handshake_failure, Direction::sent}.text() ==
          "sent:alert:40");
    CHECK(on(Trigger::Kind::h2_broken).text() == "h2-broken");
}

TEST_CASE("the standard ladder has only steps that exist") {
    auto const policy = built_in_policy();
    for (auto const& step : standard_ladder().steps)
        CHECK(policy.profile(step));
    CHECK(standard_ladder().weak_steps.empty());
    CHECK(policy.ladder("standard") != nullptr);
    CHECK(policy.ladder("nonsense") == nullptr);
}
