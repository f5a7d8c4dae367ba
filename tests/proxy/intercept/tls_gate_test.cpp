#include "scene.hpp"

using namespace alert40;
using namespace alert40::test;

namespace {

policy::Origin const origin{"https", "origin.test", 443};

} // namespace

TEST_CASE("an app that trusts the authority is opened, and its plaintext passes both ways") {
    auto const version = GENERATE(tls::ProtocolVersion::tls1_2, tls::ProtocolVersion::tls1_3);
    GateScene scene;
    scene.start().handshake({.version = version});
    REQUIRE(scene.is_open);
    CHECK(scene.target == origin);
    CHECK(scene.decided_about == std::vector<std::string>{"https://origin.test"});
    CHECK(scene.stream->is_tls());
    CHECK(scene.stream->alpn() == "h2");
    REQUIRE(scene.app_hello);
    CHECK(scene.app_hello->offered.server_name == "origin.test");
    CHECK_FALSE(scene.app_hello->body.empty());
    scene.client_writes("ping");
    CHECK(scene.received == "ping");
    scene.stream->output().append("pong");
    scene.stream->flush_soon();
    scene.settle();
    CHECK(scene.client_reads() == "pong");
}

TEST_CASE("what is recorded of an app that was opened") {
    GateScene scene;
    scene.start().handshake({.alpn = {"http/1.1"}});
    auto const record = scene.only_record();
    CHECK(record.side == record::Side::downstream);
    CHECK(record.mode == "intercept");
    CHECK(record.outcome == record::Outcome::established);
    CHECK_FALSE(record.failure);
    CHECK(record.rules == std::vector<std::string>{"ours"});
    CHECK(record.listener == "127.0.0.1:4040");
    CHECK(record.target.host == "origin.test");
    CHECK(record.target.port == 443);
    CHECK(record.profile.empty());
    REQUIRE(record.handshake.offered);
    CHECK(record.handshake.offered->alpn == std::vector<std::string>{"http/1.1"});
    REQUIRE(record.handshake.negotiated);
    CHECK(record.handshake.certificates.size() == 2);
}

TEST_CASE("a hello may come in pieces, cut anywhere") {
    GateScene const measure;
    auto const size = GateScene{}.hello().size();
    for (std::size_t cut = 1; cut < size; cut += 23) {
        CAPTURE(cut);
        GateScene scene;
        scene.start();
        auto const hello = scene.hello();
        scene.says(hello.substr(0, cut));
        CHECK(scene.decided_about.empty());
        scene.says(hello.substr(cut));
        scene.talk();
        CHECK(scene.is_open);
    }
}

TEST_CASE("what a rule wants watched passes as it came, its hello read") {
    GateScene scene;
    scene.decision.mode = policy::Mode::watch;
    scene.start();
    auto const hello = scene.hello();
    scene.says(hello.substr(0, 100));
    scene.says(hello.substr(100) + "behind it");
    CHECK(scene.passed == origin);
    CHECK(scene.received == hello + "behind it");
    REQUIRE(scene.app_hello);
    CHECK(scene.app_hello->offered.server_name == "origin.test");
    CHECK(scene.sink.taken() == 0); // the tunnel's is written
}

TEST_CASE("what is to fail on purpose is given away with its hello, once") {
    GateScene scene;
    scene.to_suffer = proxy::Blow{policy::FaultPoint::client_hello, {policy::fault::Alert{}}, "broken"};
    SECTION("the first time") {
        scene.start();
        auto const hello = scene.hello();
        scene.says(hello);
        REQUIRE(scene.suffered);
        CHECK(scene.suffered->rule == "broken");
        CHECK(scene.target == origin);
        CHECK(scene.received == hello);
        REQUIRE(scene.app_hello);
        CHECK(scene.app_hello->offered.server_name == "origin.test");
        CHECK(scene.sink.taken() == 0);
    }
    SECTION("it has had its share") {
        scene.entrance.suffered = policy::FaultPoint::client_hello;
        scene.start().handshake({});
        CHECK(scene.is_open);
        CHECK_FALSE(scene.suffered);
    }
}

TEST_CASE("a server that lacks what the app needs refuses it, and the record says on whose behalf") {
    GateScene scene;
    scene.decision.mode = policy::Mode::watch; // whatever the mode
    policy::fault::Server server;
    server.limits.versions = {tls::ProtocolVersion::tls1_2};
    scene.to_suffer = proxy::Blow{policy::FaultPoint::server_hello, {server}, "broken"};
    scene.start().handshake({.version = tls::ProtocolVersion::tls1_3});
    CHECK_FALSE(scene.is_open);
    auto const record = scene.only_record();
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::injected);
    CHECK(record.failure->kind == tls::FailureKind::alert);
    REQUIRE(record.failure->alert);
    CHECK(record.failure->alert->description == tls::AlertDescription::protocol_version);
    CHECK(record.injected_by == "broken");
    CHECK(record.notes == std::vector<std::string>{"injected: a server of TLS 1.2 at server_hello"});
}

TEST_CASE("an alert comes in place of the certificate, and the record says on whose behalf") {
    GateScene scene;
    scene.decision.mode = policy::Mode::watch;
    scene.to_suffer = proxy::Blow{policy::FaultPoint::certificate, {policy::fault::Alert{}}, "broken"};
    scene.start().handshake({.version = tls::ProtocolVersion::tls1_3});
    CHECK_FALSE(scene.is_open);
    auto const record = scene.only_record();
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::injected);
    CHECK(record.failure->kind == tls::FailureKind::alert);
    CHECK(record.failure->phase == tls::Phase::certificate);
    REQUIRE(record.failure->alert);
    CHECK(record.failure->alert->description == tls::AlertDescription::handshake_failure);
    CHECK(record.injected_by == "broken");
}

TEST_CASE("what strikes after the handshake is handed on with the stream") {
    GateScene scene;
    scene.decision.mode = policy::Mode::watch;
    scene.to_suffer =
        proxy::Blow{policy::FaultPoint::finished, {policy::fault::Delay{}, policy::fault::Alert{}}, "broken"};
    scene.start().handshake({});
    CHECK(scene.is_open);
    REQUIRE(scene.afterwards);
    CHECK(scene.afterwards->actions.size() == 2);
    auto const record = scene.only_record();
    CHECK(record.outcome == record::Outcome::established);
    CHECK(record.injected_by == "broken");
    CHECK(record.notes == std::vector<std::string>{"injected: delay of 0s at finished"});
}

TEST_CASE("a certificate that has to be refused is, and by the app") {
    GateScene scene;
    scene.to_suffer = proxy::Blow{policy::FaultPoint::certificate, {policy::fault::Certificate{}}, "broken"};
    scene.start().handshake({});
    CHECK_FALSE(scene.is_open);
    auto const record = scene.only_record();
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::downstream);
    REQUIRE(record.failure->alert);
    CHECK(record.failure->alert->description == tls::AlertDescription::certificate_expired);
    CHECK(record.injected_by == "broken");
}

TEST_CASE("what is not TLS passes where a target is known, and ends where none is") {
    GateScene scene;
    SECTION("CONNECT has named it") {
        scene.start().says("SSH-2.0-OpenSSH_9.2\r\n");
        CHECK(scene.passed == origin);
        CHECK(scene.received == "SSH-2.0-OpenSSH_9.2\r\n");
        CHECK_FALSE(scene.app_hello);
    }
    SECTION("a listener that wants TLS") {
        scene.entrance.tls_listener = true;
        scene.start().says("GET / HTTP/1.1\r\n\r\n");
        CHECK(scene.is_closed);
    }
    SECTION("nobody has") {
        scene.start(std::nullopt).says("GET / HTTP/1.1\r\n\r\n");
        CHECK(scene.is_closed);
    }
    CHECK(scene.decided_about.empty());
}

TEST_CASE("a listener behind a hosts entry learns its target from the hello") {
    GateScene scene;
    scene.entrance.tls_listener = scene.entrance.by_sni = true;
    scene.entrance.mapped = policy::Origin{"https", "sni", 8443};
    scene.start(std::nullopt);
    SECTION("intercepted") {
        scene.handshake({.name = "api.origin.test"});
        CHECK(scene.target == policy::Origin{"https", "api.origin.test", 8443});
    }
    SECTION("watched") {
        scene.decision.mode = policy::Mode::watch;
        scene.says(scene.hello({.name = "api.origin.test"}));
        CHECK(scene.passed == policy::Origin{"https", "api.origin.test", 8443});
    }
    CHECK(scene.decided_about == std::vector<std::string>{"https://api.origin.test:8443"});
}

TEST_CASE("a TLS listener that stands for one origin ends the TLS of its apps, whatever the rules say") {
    GateScene scene;
    scene.entrance.tls_listener = true;
    scene.decision.mode = policy::Mode::watch;
    scene.start().handshake({.name = "localhost"});
    CHECK(scene.is_open);
    CHECK(scene.target == origin);
    CHECK(scene.decided_about == std::vector<std::string>{"https://origin.test"}); // for its faults
}

TEST_CASE("an app that goes to such a listener by its address is shown a leaf for that") {
    GateScene scene;
    scene.entrance.tls_listener = true;
    scene.start().handshake({.name = "127.0.0.1"}); // an address is in no hello
    CHECK(scene.is_open);
    CHECK(scene.target == origin);
}

TEST_CASE("an HTTPS proxy has a leaf for the name or the address that its apps use") {
    auto const* const name = GENERATE("localhost", "127.0.0.1");
    GateScene scene;
    scene.start(std::nullopt).handshake({.name = name});
    CHECK(scene.is_open);
    CHECK_FALSE(scene.target);
    CHECK(scene.decided_about.empty());
    auto const record = scene.only_record();
    CHECK(record.mode.empty());
    CHECK(record.target.host == "127.0.0.1");
    CHECK(record.target.port == 4040);
}

TEST_CASE("an app that has resolved by itself means the name in its hello, at that address") {
    GateScene scene;
    SECTION("intercepted") {
        scene.start(policy::Origin{"https", "192.0.2.7", 443}).handshake();
        CHECK(scene.target == origin);
        CHECK(scene.address == "192.0.2.7");
        CHECK(scene.only_record().target.host == "origin.test");
    }
    SECTION("watched: it goes where it wanted") {
        scene.decision.mode = policy::Mode::watch;
        scene.start(policy::Origin{"https", "192.0.2.7", 443}).says(scene.hello());
        CHECK(scene.passed == policy::Origin{"https", "192.0.2.7", 443});
    }
    CHECK(scene.decided_about == std::vector<std::string>{"https://origin.test"});
}

TEST_CASE("an app without a name in its hello is shown a leaf for its target") {
    GateScene scene;
    scene.start(policy::Origin{"https", "192.0.2.7", 443}).handshake({.name = "192.0.2.7"});
    CHECK(scene.is_open);
    CHECK(scene.target == policy::Origin{"https", "192.0.2.7", 443});
    CHECK(scene.address.empty());
}

TEST_CASE(
    "what an app says behind its CONNECT, without waiting for the answer, is not lost and keeps its order") {
    GateScene scene;
    scene.pipelined = scene.hello();
    std::string const record("\x17\x03\x03\x20\x00", 5);
    SECTION("it passes") {
        scene.decision.mode = policy::Mode::watch;
        for (int i = 0; i < 4'000; ++i)
            scene.pipelined += std::to_string(i);
        scene.start();
        CHECK(scene.passed == origin);
        CHECK((scene.received == scene.pipelined)); // both are long
    }
    SECTION("it is intercepted") {
        scene.pipelined += record + std::string(0x2000, 'x');
        scene.start();
        CHECK(scene.is_closed);
        auto const failure = scene.only_record().failure;
        REQUIRE(failure);
        REQUIRE(failure->alert); // who has read the whole record knows that it is nobody's
        CHECK(failure->alert->description == tls::AlertDescription::bad_record_mac);
    }
}

TEST_CASE(
    "an app that has gone before it is told that its CONNECT is granted, with more behind its hello, ends") {
    GateScene scene;
    scene.granted = "HTTP/1.1 200 Connection established\r\n\r\n";
    auto const hello = scene.hello();
    SECTION("said at once") {
        scene.pipelined = hello + std::string(5'000, 'x');
        scene.app.close();
    }
    SECTION("some of it still in the socket") {
        scene.pipelined = hello;
        scene.app.say("and more");
        scene.app.pump();
        scene.app.close();
    }
    scene.start();
    CHECK(scene.is_closed);
}

TEST_CASE("nonsense behind the handshake is answered with the alert that says so") {
    GateScene scene;
    scene.start().handshake();
    REQUIRE(scene.is_open);
    scene.says(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x')); // of nobody's keys
    REQUIRE_FALSE(scene.app.heard.empty());
    CHECK(scene.client_reads().empty());
    REQUIRE(scene.client->failure().alert);
    CHECK(scene.client->failure().alert->description == tls::AlertDescription::bad_record_mac);
}
