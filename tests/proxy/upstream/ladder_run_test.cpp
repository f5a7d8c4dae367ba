#include "proxy/upstream/ladder_run.hpp"

#include "proxy/upstream/scene.hpp"
#include "proxy/upstream/tls_origin.hpp"
#include "support/catch.hpp"
#include "support/sample_records.hpp"

#include <atomic>

using namespace alert40;
using test::PeerSocket;
using test::Scene;
using test::ScriptedPeer;
using test::TlsPeer;

namespace {

test::TlsServer const& server() {
    static test::TlsServer const one(test::make_identity({}));
    return one;
}

/// Alert 40 to everybody who offers h2; HTTP/1.1 otherwise.
void refuse_h2(PeerSocket& socket) {
    auto const hello = test::peek_hello(socket);
    if (test::offers_h2(hello)) {
        socket.read_some();
        return test::refuse_with_40(socket);
    }
    TlsPeer(server(), socket).serve_http1();
}

/// Under which the ladder's outcome for this origin is kept.
std::string memory_key(std::uint16_t port) {
    proxy::Way way;
    way.origin = {"https", "origin.test", 443};
    way.decision = test::snapshot_of(test::policy_for(port))
                       ->rulebook()
                       .decide(way.origin, "127.0.0.1:4040", policy::Clock::now());
    return way.memory_key();
}

} // namespace

TEST_CASE("alert 40 for h2 goes on to http/1.1, and that is remembered") {
    ScriptedPeer const origin{refuse_h2};
    Scene scene(test::policy_for(origin.port()));
    auto const& first = scene.ask();
    scene.until_all_answered();
    CHECK(first.status == 200);
    CHECK(scene.dials() == "both alert 40 -> only-http1; only-http1 established");
    auto const learned = scene.registry.list();
    REQUIRE(learned.size() == 1);
    CHECK(learned[0].host == "origin.test");
    CHECK(learned[0].profile == "only-http1");
    CHECK(learned[0].reason == "alert 40 handshake_failure");

    // an idle connection is used again; another one knows the way
    auto const& second = scene.ask();
    scene.until_all_answered();
    CHECK(second.body == "2");
    CHECK(origin.connections() == 2);
    scene.tick_after(proxy::limits::idle_upstream);
    scene.ask();
    scene.until_all_answered();
    CHECK(scene.dials() == "both alert 40 -> only-http1; only-http1 established; only-http1 established");
}

TEST_CASE("those who wait share one run, and its failure") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        socket.read_some();
        test::refuse_with_40(socket);
    }};
    Scene scene(test::policy_for(origin.port()));
    for (int i = 0; i < 5; ++i)
        scene.ask();
    scene.until_all_answered();
    for (auto const& app : scene.apps)
        CHECK(app->status == 502);
    CHECK(scene.dials() == "both alert 40 -> only-http1; only-http1 alert 40");
    CHECK(scene.registry.list().empty());
}

TEST_CASE("a remembered step that fails starts from the top, once") {
    std::atomic<bool> h2_works = false;
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        auto const hello = test::peek_hello(socket);
        if (test::offers_h2(hello) == h2_works) {
            TlsPeer const peer(server(), socket);
            return h2_works ? peer.serve_http2([&](auto stream) { peer.answer(stream); })
                            : peer.serve_http1();
        }
        socket.read_some();
        test::refuse_with_40(socket);
    }};
    Scene scene(test::policy_for(origin.port()));
    scene.ask();
    scene.until_all_answered();
    scene.tick_after(proxy::limits::idle_upstream);
    h2_works = true;
    auto const& after = scene.ask();
    scene.until_all_answered();
    CHECK(after.status == 200);
    CHECK(
        scene.dials() ==
        "both alert 40 -> only-http1; only-http1 established; only-http1 alert 40 -> both; both established");
    CHECK(scene.registry.list().empty());
}

TEST_CASE("what was forgotten, or has expired, is dialled from the top again") {
    ScriptedPeer const origin{refuse_h2};
    Scene scene(test::policy_for(origin.port()));
    scene.ask();
    scene.until_all_answered();
    scene.tick_after(proxy::limits::idle_upstream);
    std::string const down_the_ladder = "both alert 40 -> only-http1; only-http1 established";
    REQUIRE(scene.dials() == down_the_ladder);

    SECTION("forgotten, by its host's name") {
        CHECK(scene.registry.forget_host("other.test").empty());
        CHECK(scene.registry.forget_host("origin.test").size() == 1);
    }
    SECTION("expired") {
        auto entry = scene.registry.list().at(0);
        entry.expires = policy::LadderMemory::Clock::now();
        scene.registry.remember(memory_key(origin.port()), entry);
    }
    CHECK(scene.registry.list().empty());
    scene.ask();
    scene.until_all_answered();
    CHECK(scene.dials() == down_the_ladder + "; " + down_the_ladder);
    CHECK(scene.registry.list().size() == 1);
}

TEST_CASE("another thread's run is followed: nothing is dialled before it has ended") {
    ScriptedPeer const origin{refuse_h2};
    Scene scene(test::policy_for(origin.port()));
    auto const key = memory_key(origin.port());
    int const leader = 0;
    REQUIRE(scene.registry.lead(key, &leader, [](auto) {}));

    auto const& app = scene.ask();
    scene.settle();
    CHECK(origin.connections() == 0);
    CHECK_FALSE(app.over);

    SECTION("it learned what works") {
        auto const now = policy::LadderMemory::Clock::now();
        scene.registry.remember(key, {.host = "origin.test",
                                      .ladder = "two",
                                      .step = 1,
                                      .profile = "only-http1",
                                      .reason = {},
                                      .learned = now,
                                      .expires = now + std::chrono::hours{1}});
        scene.registry.settle(key, {});
        scene.until_all_answered();
        CHECK(app.status == 200);
        CHECK(scene.dials() == "only-http1 established");
    }
    SECTION("it failed, and so has everybody who waited") {
        auto const failed = std::make_shared<std::vector<record::HandshakeRecord> const>(1);
        scene.registry.settle(key, {failed});
        scene.until_all_answered();
        CHECK(app.status == 502);
        CHECK(origin.connections() == 0);
    }
    SECTION("it was given up, so that somebody else has to find out") {
        scene.registry.settle(key, {});
        scene.until_all_answered();
        CHECK(app.status == 200);
        CHECK(scene.dials() == "both alert 40 -> only-http1; only-http1 established");
    }
    SECTION("the app goes away meanwhile") {
        scene.apps.clear();
        scene.registry.settle(key, {});
        scene.settle();
        CHECK(origin.connections() == 0);
    }
    SECTION("everything ends meanwhile, and nobody is called") {
        scene.apps.clear();
        scene.pool.reset();
        scene.registry.settle(key, {});
        scene.settle();
        CHECK(origin.connections() == 0);
    }
}

TEST_CASE(
    "HTTP/2 that breaks in its first words goes on down the ladder, with the requests that were on it") {
    constexpr char http_1_1_required = 0xd;
    ScriptedPeer const origin{[](PeerSocket& socket) {
        TlsPeer const peer(server(), socket);
        if (peer.alpn() != "h2") return peer.serve_http1();
        peer.serve_http2([&](auto) { peer.goaway(http_1_1_required); });
    }};
    Scene scene(test::policy_for(origin.port()));
    scene.ask();
    scene.ask("POST");
    scene.until_all_answered();
    for (auto const& app : scene.apps)
        CHECK(app->status == 200);
    CHECK(scene.dials() == "both established; only-http1 established");
    REQUIRE(scene.registry.list().size() == 1);
    CHECK(scene.registry.list()[0].profile == "only-http1");
}

TEST_CASE("a version that the origin refused to fall back to is not tried with the SCSV again") {
    auto policy = test::policy_for(1);
    auto old = *policy.profile("only-http1");
    old.name = "old";
    old.max_version = tls::ProtocolVersion::tls1_2;
    policy.profiles.push_back(old);
    policy.ladders.back().steps = {"both", "old"};
    ScriptedPeer const origin{[](PeerSocket& socket) {
        auto const hello = test::peek_hello(socket);
        if (test::offers_h2(hello)) {
            socket.read_some();
            return test::refuse_with_40(socket);
        }
        TlsPeer(server(), socket).serve_http1(); // OpenSSL itself answers the SCSV with 86
    }};
    policy.rules[0].address->port = origin.port();
    Scene scene(std::move(policy));
    scene.ask();
    scene.until_all_answered();
    CHECK(scene.dials() == "both alert 40 -> old; old alert 86 -> retry; old established");
    scene.tick_after(proxy::limits::idle_upstream);
    scene.ask();
    scene.until_all_answered();
    CHECK(scene.dials() == "both alert 40 -> old; old alert 86 -> retry; old established; old established");
}

TEST_CASE("a ladder ends with its total time, whatever steps are left") {
    ScriptedPeer const origin{[](PeerSocket& socket) { socket.wait_for_end(); }};
    auto policy = test::policy_for(origin.port());
    policy.ladders.back().timeouts.total = std::chrono::milliseconds{50};
    Scene scene(std::move(policy));
    auto const& app = scene.ask();
    scene.until_all_answered();
    CHECK(app.status == 504);
    CHECK(scene.dials() == "both timeout");
}

namespace {

/// The policy of these tests, in which the first dials to the origin suffer this.
policy::Policy with_fault(std::uint16_t port, policy::FaultAction action, std::size_t times = 1) {
    auto policy = test::policy_for(port);
    policy.rules.front().faults = {{.as = policy::FaultRole::client,
                                    .at = *policy::usual_point(action, policy::FaultRole::client),
                                    .when = {.times = times},
                                    .action = std::move(action)}};
    return policy;
}

class Listener final : public proxy::Diagnostician {
  public:
    void ladder_failed(proxy::Ailment ailment) noexcept override { heard.push_back(std::move(ailment)); }

    std::shared_ptr<record::DiagnosisRecord const> diagnosis(std::string const& key) const override {
        return !heard.empty() && key == heard.front().key ? known : nullptr;
    }

    std::vector<proxy::Ailment> heard;
    std::shared_ptr<record::DiagnosisRecord const> known;
};

void refuse_all(PeerSocket& socket) {
    socket.read_some();
    test::refuse_with_40(socket);
}

policy::Policy with_diagnosis(policy::Policy policy) {
    policy.rules.front().diagnose = true;
    return policy;
}

} // namespace

TEST_CASE(
    "a ladder that ends in failure is told to who diagnoses, and what that finds is in the next error") {
    ScriptedPeer const origin{refuse_all};
    Listener listener;
    Scene scene(with_diagnosis(test::policy_for(origin.port())), &listener);
    scene.ask();
    scene.ask();
    scene.until_all_answered();
    REQUIRE(listener.heard.size() == 1); // they share the run
    auto const& ailment = listener.heard.front();
    CHECK(ailment.key == memory_key(origin.port()));
    CHECK(ailment.origin == policy::Origin{"https", "origin.test", 443});
    CHECK(ailment.profile.name == "both");
    CHECK(ailment.address == policy::Address{"127.0.0.1", origin.port()});
    CHECK(ailment.via.kind == policy::Via::Kind::direct);
    CHECK(ailment.failure.alert->description == tls::AlertDescription::handshake_failure);
    CHECK(scene.apps.front()->body.find("Likely: ") != std::string::npos);

    auto found = tests::full_diagnosis();
    found.failure = ailment.failure;
    listener.known = std::make_shared<record::DiagnosisRecord const>(found);
    auto const& later = scene.ask();
    scene.until_all_answered();
    CHECK(later.body.find("Diagnosed, confidence high: " + found.verdict) != std::string::npos);
}

TEST_CASE(
    "nobody is told of what works in the end, of what no rule wants diagnosed, or of what fails on purpose") {
    Listener listener;
    ScriptedPeer const picky{refuse_h2};
    Scene mended(with_diagnosis(test::policy_for(picky.port())), &listener);
    mended.ask();
    mended.until_all_answered();
    ScriptedPeer const origin{refuse_all};
    Scene unwanted(test::policy_for(origin.port()), &listener);
    unwanted.ask();
    unwanted.until_all_answered();
    policy::fault::Path const cut{.kind = policy::fault::Path::Kind::reset, .after = 20};
    Scene on_purpose(with_diagnosis(with_fault(origin.port(), cut, 9)), &listener);
    on_purpose.ask();
    on_purpose.until_all_answered();
    CHECK(listener.heard.empty());
}

TEST_CASE("what fails on purpose is recorded as that, and nothing is learned from it") {
    ScriptedPeer const origin{[](PeerSocket& socket) { TlsPeer(server(), socket).serve_http1(); }};
    policy::fault::Path const cut{.kind = policy::fault::Path::Kind::reset, .after = 20};
    Scene scene(with_fault(origin.port(), cut, 1));
    auto const& app = scene.ask();
    scene.until_all_answered();
    CHECK(app.status == 200);
    CHECK(scene.registry.list().empty());
    auto const records = scene.sink.recent();
    auto const& first = std::get<record::HandshakeRecord>(records.at(0));
    CHECK(first.injected_by == first.rules.front());
    CHECK(first.notes.at(0) == "injected: reset after 20 bytes sent at connect");
    REQUIRE(first.failure);
    CHECK(first.failure->by == tls::By::injected);
    CHECK(first.failure->kind == tls::FailureKind::reset);
    auto const& second = std::get<record::HandshakeRecord>(records.at(1));
    CHECK(second.injected_by.empty());
    CHECK(second.outcome == record::Outcome::established);
    CHECK(scene.sink.taken() == 2);
}

TEST_CASE("an edited hello is recorded as it left, and what it breaks is our doing") {
    ScriptedPeer const origin{[](PeerSocket& socket) { TlsPeer(server(), socket).serve_http1(); }};
    Scene scene(with_fault(origin.port(), policy::fault::Hello{{.alpn = {{"foo"}}}}, 9));
    auto const& app = scene.ask();
    scene.until_all_answered();
    CHECK(app.status == 502);
    auto const first = std::get<record::HandshakeRecord>(scene.sink.recent().at(0));
    CHECK(first.handshake.offered->alpn == std::vector<std::string>{"foo"});
    CHECK(first.outcome == record::Outcome::failed);
}
