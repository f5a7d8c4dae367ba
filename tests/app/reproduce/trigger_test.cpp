// Which hello is refused: what one record can tell, and what others tell against it.
#include "app/reproduce/samples.hpp"
#include "app/reproduce/trigger.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::tests;
using app::reproduce::Trigger;
using tls::FailureKind;
using tls::Phase;

namespace {

std::vector<std::string> whens(Trigger const& trigger) {
    std::vector<std::string> all;
    for (auto const& feature : trigger.features)
        all.push_back(feature.when);
    return all;
}

using Whens = std::vector<std::string>;

} // namespace

TEST_CASE("one record has only likelihoods") {
    auto const refused = trigger_of(seen(watched(alert_received(40))));
    CHECK(whens(refused) ==
          Whens{"alpn = \"h2\"", "version_max = \"1.3\"", "ja4 = \"t13d0202h2_5b57614c22b0_3d5424432f57\""});
    CHECK(refused.first_is_likely);
    CHECK_FALSE(refused.features.front().proven);

    auto const version = trigger_of(seen(watched(alert_received(70))));
    CHECK(whens(version).front() == "version_max = \"1.3\"");
    CHECK(version.first_is_likely);

    auto const cut = trigger_of(seen(watched(broken(FailureKind::reset, Phase::client_hello))));
    CHECK_FALSE(cut.first_is_likely);

    auto large = watched(broken(FailureKind::reset, Phase::client_hello));
    large.handshake.offered->bytes = 1790;
    CHECK(whens(trigger_of(seen(large))).front() == "hello_bytes_over = 1428");

    auto bare = watched(alert_received(40));
    bare.handshake.offered->server_name.clear();
    CHECK(whens(trigger_of(seen(bare))).front() == "no_server_name = true");
}

TEST_CASE("another hello that was answered proves what it lacks") {
    auto answered = established(sample_dial("http1", 2), "http/1.1");
    answered.handshake.offered->alpn = {"http/1.1"};
    answered.handshake.offered->ja4 = "t13d0202h1_5b57614c22b0_3d5424432f57";
    auto const trigger = trigger_of(last_of({answered, watched(alert_received(40))}));
    CHECK(whens(trigger) == Whens{"alpn = \"h2\"", "ja4 = \"t13d0202h2_5b57614c22b0_3d5424432f57\""});
    CHECK(trigger.features.front().proven);
}

TEST_CASE("another one that was refused in the same way excludes what it lacks") {
    auto other = watched(alert_received(40), "0");
    other.handshake.offered->alpn = {"http/1.1"};
    CHECK(whens(trigger_of(last_of({other, watched(alert_received(40))}))) ==
          Whens{"version_max = \"1.3\"", "ja4 = \"t13d0202h2_5b57614c22b0_3d5424432f57\""});
    other.failure = broken(FailureKind::reset, Phase::client_hello); // that is another failure
    CHECK(whens(trigger_of(last_of({other, watched(alert_received(40))}))).front() == "alpn = \"h2\"");
}

TEST_CASE("of the very same hello, now and then refused, nothing is the reason") {
    auto answered = established(watched(alert_received(40), "0"), "h2");
    answered.failure.reset();
    auto const trigger =
        trigger_of(last_of({answered, watched(alert_received(40), "1"), watched(alert_received(40), "2")}));
    CHECK_FALSE(trigger.first_is_likely);
    CHECK(trigger.refused == 2);
    CHECK(trigger.answered == 1);
}

TEST_CASE("without a hello there is nothing to tell") {
    auto record = watched(broken(FailureKind::refused, Phase::connect));
    CHECK(trigger_of(seen(record)).features.empty());
}
