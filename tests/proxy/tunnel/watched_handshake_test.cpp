#include "proxy/tunnel/watched_handshake.hpp"

#include "net/loop/event_loop.hpp"
#include "proxy/tunnel/app_hello.hpp"
#include "record/memory_sink.hpp"
#include "support/bytes.hpp"
#include "support/catch.hpp"
#include "support/tls_client.hpp"

using namespace alert40;
using proxy::WatchedHandshake;

namespace {

struct Scene {
    Scene() { decision.rules = {"one", "two"}; }

    std::vector<record::Record> records() const { return sink.recent(); }

    record::HandshakeRecord only() const {
        REQUIRE(sink.taken() == 1);
        return std::get<record::HandshakeRecord>(sink.recent()[0]);
    }

    net::DialReport open() const {
        net::DialReport report;
        report.address = "192.0.2.7";
        report.resolver = "system";
        report.via = "direct";
        report.connect = std::chrono::microseconds{7};
        return report;
    }

    net::EventLoop loop;
    record::MemorySink sink;
    policy::Decision decision;
    WatchedHandshake watched{loop, sink, {"https", "origin.test", 443}, decision, "127.0.0.1:4040"};
    test::TlsClient client;
};

auto const refusal = tests::hex("15 0303 0002 02 28");

} // namespace

TEST_CASE("a dial that fails is the record") {
    Scene scene;
    auto report = scene.open();
    report.failure = tls::Failure{tls::By::upstream, tls::Phase::connect, tls::FailureKind::refused,
                                  std::nullopt, "refused"};
    scene.watched.dialled(report);
    CHECK(scene.only().failure == report.failure);
    CHECK(scene.only().target.address == "192.0.2.7");
    CHECK(scene.only().timing.connect == std::chrono::microseconds{7});
    scene.watched.ended(tls::By::downstream, tls::FailureKind::eof);
    CHECK(scene.sink.taken() == 1);
}

TEST_CASE("one record, when nothing more can be learned") {
    Scene scene;
    scene.watched.dialled(scene.open());
    CHECK(scene.watched.client_sent(scene.client.step()));
    CHECK(scene.sink.taken() == 0);
    CHECK_FALSE(scene.watched.server_sent(refusal));
    auto const record = scene.only();
    CHECK(record.outcome == record::Outcome::failed);
    CHECK(record.handshake.offered);
    CHECK(record.timing.first_byte);
    CHECK_FALSE(record.client.empty()); // it is OpenSSL's
    CHECK_FALSE(scene.watched.client_sent(refusal));
    CHECK_FALSE(scene.watched.server_sent(refusal));
    scene.watched.ended(tls::By::upstream, tls::FailureKind::reset);
    CHECK(scene.sink.taken() == 1);
}

TEST_CASE("a connection that was opened and closed is no handshake") {
    Scene scene;
    scene.watched.dialled(scene.open());
    scene.watched.ended(tls::By::downstream, tls::FailureKind::eof);
    CHECK(scene.sink.taken() == 0);
}

TEST_CASE("a server that does not answer an app that has ended is not waited for") {
    Scene scene;
    scene.watched.dialled(scene.open());
    scene.watched.client_sent(scene.client.step());
    scene.watched.app_ended();
    CHECK(scene.sink.taken() == 0);
    scene.loop.turn(std::chrono::hours{1});
    auto const failure = scene.only().failure;
    REQUIRE(failure);
    CHECK(failure->by == tls::By::downstream);
    CHECK(failure->kind == tls::FailureKind::eof);
}

TEST_CASE("an app's hello is known once it is whole") {
    Scene scene;
    auto const hello = scene.client.step();
    scene.watched.dialled(scene.open());
    scene.watched.client_sent(std::span(hello).first(hello.size() - 1));
    CHECK_FALSE(proxy::app_hello(scene.watched.watch()));
    scene.watched.client_sent(std::span(hello).last(1));
    auto const known = proxy::app_hello(scene.watched.watch());
    REQUIRE(known);
    CHECK(known->body == test::TlsClient::Bytes(hello.begin() + 9, hello.end())); // headers of both layers
    CHECK(known->offered == *scene.watched.watch().handshake().offered);
}

TEST_CASE("a tunnel that is cut on purpose says whose doing it is") {
    Scene scene;
    scene.watched.dialled(scene.open());
    scene.watched.injected("one", {"injected: reset after 9 bytes sent at connect"});
    scene.watched.client_sent(tests::hex("16 0301"));
    scene.watched.ended(tls::By::injected, tls::FailureKind::reset);
    CHECK(scene.only().injected_by == "one");
    CHECK(scene.only().notes.size() == 1);
    CHECK(scene.only().failure->by == tls::By::injected);
    CHECK(scene.only().failure->kind == tls::FailureKind::reset);
}
