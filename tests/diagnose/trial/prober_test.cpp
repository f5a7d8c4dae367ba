#include "diagnose/trial/prober.hpp"

#include "support/catch.hpp"
#include "support/scripted_peer.hpp"

using namespace alert40;
using namespace alert40::diagnose;

namespace {

/// A port of this machine at which nothing listens.
policy::Origin const nobody{.scheme = "https", .host = "127.0.0.1", .port = 1};

Trial trial() {
    Trial trial;
    trial.profile = *tls::built_in_profile("modern");
    trial.via.kind = policy::Via::Kind::direct;
    return trial;
}

Prober::Limits limits(unsigned handshakes) {
    Prober::Limits limits;
    limits.handshakes = handshakes;
    limits.pause = std::chrono::milliseconds(0);
    return limits;
}

} // namespace

TEST_CASE("what is tried is counted, and told to whoever listens") {
    std::vector<unsigned> told;
    Prober prober(nobody, "/", limits(10),
                  [&](Trial const&, Observation const& seen) { told.push_back(seen.number); });
    auto const seen = prober.try_once(trial());
    CHECK(!seen.works());
    CHECK(seen.failure()->kind == tls::FailureKind::refused);
    auto const three = prober.try_all(std::vector<Trial>(3, trial()), 2);
    CHECK(three.size() == 3);
    CHECK(told.size() == 4);
    CHECK(prober.used() == 4);
    CHECK(prober.left() == 6);
}

TEST_CASE("there are no more handshakes than allowed") {
    Prober prober(nobody, "/", limits(2), {});
    prober.try_once(trial());
    CHECK_THROWS_AS(prober.try_all(std::vector<Trial>(2, trial()), 2), OutOfHandshakes);
    CHECK(prober.used() == 2);
    CHECK_THROWS_AS(prober.try_once(trial()), OutOfHandshakes);
}

TEST_CASE("a profile that cannot be made ready costs no handshake") {
    auto impossible = trial();
    impossible.profile.verify.ca_file = "/nowhere/ca.pem";
    Prober prober(nobody, "/", limits(1), {});
    auto const seen = prober.try_once(impossible);
    REQUIRE(!seen.works());
    CHECK(seen.failure()->kind == tls::FailureKind::library);
    CHECK(seen.failure()->detail.find("/nowhere/ca.pem") != std::string::npos);
    CHECK(prober.used() == 0);
}

TEST_CASE("who listens can end it") {
    Prober prober(nobody, "/", limits(10),
                  [](Trial const&, Observation const&) { throw OutOfHandshakes("enough"); });
    CHECK_THROWS_AS(prober.try_once(trial()), OutOfHandshakes);
}

TEST_CASE("it ends in the middle of a handshake when it is told to") {
    test::ScriptedPeer const silent{[](test::PeerSocket& socket) { socket.wait_for_end(); }};
    std::stop_source source;
    auto patient = limits(10);
    patient.stop = source.get_token();
    patient.timeouts = {
        .connect = std::chrono::hours(1), .handshake = std::chrono::hours(1), .total = std::chrono::hours(1)};
    Prober prober({.scheme = "https", .host = "127.0.0.1", .port = silent.port()}, "/", patient, {});
    source.request_stop();
    CHECK_THROWS_AS(prober.try_once(trial()), OutOfHandshakes);
}

TEST_CASE("it does not connect to the proxy that asks") {
    auto own = limits(1);
    own.own_listeners = {{"127.0.0.1", 1}};
    Prober prober(nobody, "/", own, {});
    CHECK(prober.try_once(trial()).report.loop);
}

TEST_CASE("an address is its own answer") {
    Prober prober(nobody, "/", limits(1), {});
    auto const answer = prober.look_up({});
    REQUIRE(answer.has_value());
    CHECK(answer->front().address == "127.0.0.1");
}

TEST_CASE("a hello of bytes is sent to the same place") {
    auto raw = trial();
    raw.hello.emplace();
    Prober prober(nobody, "/", limits(1), {});
    CHECK(prober.try_once(raw).failure()->kind == tls::FailureKind::refused);
}
