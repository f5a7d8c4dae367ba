#include "scene.hpp"

#include "proxy/message/limits.hpp"
#include "proxy/upstream/tls_origin.hpp"
#include "support/catch.hpp"
#include "tls/engine/split_hello.hpp"

#include <atomic>
#include <latch>
#include <mutex>

using namespace alert40;
using namespace alert40::test;

namespace {

/// What an origin hears, read by the test while it listens.
class Heard {
  public:
    void add(std::string_view text) {
        std::lock_guard const lock(mutex_);
        text_ += text;
    }

    std::string text() const {
        std::lock_guard const lock(mutex_);
        return text_;
    }

  private:
    mutable std::mutex mutex_;
    std::string text_;
};

/// Listens until the other side has ended.
ScriptedPeer::Script listening(Heard& heard, std::string_view first_words = {}) {
    return [&heard, first_words](PeerSocket& socket) {
        socket.write(first_words);
        for (auto piece = socket.read_some(); !piece.empty(); piece = socket.read_some())
            heard.add(piece);
        heard.add("|");
    };
}

void echo(PeerSocket& socket) {
    for (auto piece = socket.read_some(); !piece.empty(); piece = socket.read_some())
        socket.write(piece);
    socket.write("bye");
}

/// Of `version` alone.
TlsClient client_of(int version = TLS1_3_VERSION) {
    return TlsClient([version](SSL_CTX* context) {
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
    });
}

tls::SplitHello cut(tls::SplitHello::Mode mode, std::uint16_t at) {
    return {mode, at};
}

policy::Policy splitting(std::uint16_t port, tls::SplitHello::Mode mode) {
    auto policy = policy_for(port);
    policy.rules[0].split_hello = cut(mode, 20);
    return policy;
}

std::string text_of(std::span<std::uint8_t const> bytes) {
    return {bytes.begin(), bytes.end()};
}

} // namespace

TEST_CASE("bytes pass in both directions, and the app may be the first to end") {
    ScriptedPeer const origin{echo};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected();
    REQUIRE(app.granted);
    CHECK(app.status == 200);
    app.say("hello");
    scene.until([&] { return app.text() == "hello"; });
    app.say(" again");
    app.finish();
    scene.until([&] { return app.ended; });
    CHECK(app.text() == "hello againbye");
    CHECK_FALSE(app.aborted);
}

TEST_CASE("a server may speak first") {
    Heard heard;
    ScriptedPeer const origin{listening(heard, "220 ready\r\n")};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connect("mail.test:25");
    scene.until([&] { return app.text() == "220 ready\r\n"; });
    app.say("EHLO");
    app.finish();
    scene.until([&] { return heard.text() == "EHLO|"; });
}

TEST_CASE("a handshake that passes is recorded when it is complete") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsServer const server(make_identity({}));
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        TlsPeer const tls(server, socket);
        tls.write("welcome");
        tls.read_some();
    }};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected();
    auto client = client_of(version);
    SSL_set_tlsext_host_name(client.ssl(), "origin.test");
    scene.handshake(app, client, [&] { return client.established(); });
    app.say(client.write("hello"));
    scene.until([&] { return scene.sink.taken() > 0; });

    REQUIRE(scene.records().size() == 1);
    auto const record = scene.records()[0];
    CHECK(record.mode == "watch");
    CHECK(record.side == record::Side::upstream);
    CHECK(record.outcome == record::Outcome::passed);
    CHECK(record.profile.empty());
    CHECK(record.rules == std::vector<std::string>{"test"});
    CHECK(record.listener == "127.0.0.1:4040");
    CHECK(record.target.host == "origin.test");
    CHECK(record.target.address == "127.0.0.1");
    CHECK(record.target.via == "direct");
    REQUIRE(record.handshake.offered);
    CHECK(record.handshake.offered->server_name == "origin.test");
    REQUIRE(record.handshake.negotiated);
    CHECK(record.handshake.certificates.size() == (version == TLS1_2_VERSION ? 1u : 0u)); // later encrypted
    CHECK(record.timing.first_byte);
}

TEST_CASE("alert 40 of the origin is recorded, and the app gets it as it came") {
    ScriptedPeer const origin{[](PeerSocket& socket) {
        socket.read_some();
        socket.write(std::string_view{"\x15\x03\x03\x00\x02\x02\x28", 7});
    }};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected();
    app.say(client_of().step());
    scene.until([&] { return app.ended; });
    CHECK(app.text() == std::string_view{"\x15\x03\x03\x00\x02\x02\x28", 7});

    REQUIRE(scene.records().size() == 1);
    auto const record = scene.records()[0];
    CHECK(record.outcome == record::Outcome::failed);
    REQUIRE(record.failure);
    CHECK(record.failure->by == tls::By::upstream);
    REQUIRE(record.failure->alert);
    CHECK(record.failure->alert->description == tls::AlertDescription::handshake_failure);
    CHECK(record.failure->alert->direction == tls::Direction::received);
}

TEST_CASE("a way that does not open is a 502 and a record") {
    std::uint16_t nobody = 0;
    {
        ScriptedPeer const gone{echo};
        nobody = gone.port();
    }
    TunnelScene scene(policy_for(nobody));
    auto& app = scene.connected();
    CHECK_FALSE(app.granted);
    CHECK(app.status == 502);
    CHECK(app.text().find("refused") != std::string::npos);
    REQUIRE(scene.records().size() == 1);
    CHECK(scene.records()[0].mode == "watch");
    REQUIRE(scene.records()[0].failure);
    CHECK(scene.records()[0].failure->kind == tls::FailureKind::refused);
}

TEST_CASE("an app that goes while its way is dialled leaves nothing behind") {
    ScriptedPeer const origin{echo};
    TunnelScene scene(policy_for(origin.port()));
    scene.connect().exchange.reset();
    scene.settle();
    CHECK(scene.sink.taken() == 0);
    auto& next = scene.connected();
    CHECK(next.granted);
}

TEST_CASE("an app that goes ends its tunnel") {
    Heard heard;
    ScriptedPeer const origin{listening(heard)};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected();
    SECTION("in its handshake: that is recorded") {
        auto const hello = client_of().step();
        app.say(hello);
        scene.until([&] { return heard.text().size() == hello.size(); });
        app.exchange.reset();
        scene.until([&] { return heard.text() == text_of(hello) + "|"; });
        REQUIRE(scene.records().size() == 1);
        REQUIRE(scene.records()[0].failure);
        CHECK(scene.records()[0].failure->by == tls::By::downstream);
    }
    SECTION("without a word: nothing was tried") {
        app.exchange.reset();
        scene.until([&] { return heard.text() == "|"; });
        CHECK(scene.sink.taken() == 0);
    }
}

TEST_CASE("an origin that cuts the connection is no orderly end, and one that ends it is") {
    bool const cuts = GENERATE(true, false);
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        socket.read_some();
        if (cuts) socket.reset();
    }};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected();
    app.say(client_of().step());
    scene.until([&] { return app.aborted || app.ended; });
    CHECK(app.aborted == cuts);
    REQUIRE(scene.records().size() == 1);
    REQUIRE(scene.records()[0].failure);
    CHECK(scene.records()[0].failure->by == tls::By::upstream);
    CHECK(scene.records()[0].failure->kind == (cuts ? tls::FailureKind::reset : tls::FailureKind::eof));
}

TEST_CASE("an app that takes nothing stops the reading, and misses nothing") {
    std::string const much(8 << 20, 'x');
    ScriptedPeer const origin{[&](PeerSocket& socket) { socket.write(much); }};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connect();
    app.takes = 100'000;
    scene.until([&] { return app.heard.size() >= app.takes; });
    auto const heard = app.heard.size();
    scene.settle();
    CHECK(app.heard.size() == heard);
    CHECK(heard < app.takes + 2 * proxy::limits::read_bytes);
    app.takes = SIZE_MAX;
    app.exchange->requester_drained();
    scene.until([&] { return app.ended; });
    CHECK(app.heard.size() == much.size());
}

TEST_CASE("an origin that takes nothing stops the app, and is told all in the end") {
    std::latch reads{1};
    std::atomic<std::size_t> taken = 0;
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        reads.wait();
        for (auto piece = socket.read_some(); !piece.empty(); piece = socket.read_some())
            taken += piece.size();
    }};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected();
    std::string const piece(64 * 1024, 'x');
    std::size_t said = 0;
    for (int turns = 0; turns < 3; ++turns) { // full, and still full when nothing is left to be done
        while (!app.exchange->request_congested()) {
            app.say(piece);
            said += piece.size();
            scene.settle();
        }
        scene.settle();
    }
    app.asked_for_more = 0;
    reads.count_down();
    scene.until([&] { return app.asked_for_more > 0; });
    CHECK_FALSE(app.exchange->request_congested());
    app.finish();
    scene.until([&] { return app.ended; });
    CHECK(taken == said);
}

TEST_CASE("what a server answers to an app that has ended its side is recorded; without an answer the app "
          "has left") {
    bool const answers = GENERATE(true, false);
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        while (!socket.read_some().empty()) {
        }
        if (answers) socket.write(std::string_view{"\x15\x03\x03\x00\x02\x02\x28", 7});
    }};
    TunnelScene scene(policy_for(origin.port()));
    auto& app = scene.connected();
    app.say(client_of().step());
    app.finish();
    scene.until([&] { return app.ended; });
    REQUIRE(scene.records().size() == 1);
    auto const failure = scene.records()[0].failure;
    REQUIRE(failure);
    CHECK(failure->by == (answers ? tls::By::upstream : tls::By::downstream));
    CHECK(failure->kind == (answers ? tls::FailureKind::alert : tls::FailureKind::eof));
}

// ---- a hello that is cut on its way

TEST_CASE("a rule cuts the hello of a watched app in two records") {
    Heard heard;
    ScriptedPeer const origin{listening(heard)};
    TunnelScene scene(splitting(origin.port(), tls::SplitHello::Mode::record));
    auto& app = scene.connected();
    auto const hello = client_of().step();
    auto const whole = text_of(tls::engine::split_first_record(hello, 20));
    REQUIRE(whole.size() == hello.size() + 5);

    app.say(std::span(hello).first(7));
    scene.settle();
    CHECK(heard.text().empty()); // only whole can it be cut
    app.say(std::span(hello).subspan(7));
    scene.until([&] { return heard.text() == whole; });
    app.say("after it");
    app.finish();
    scene.until([&] { return heard.text() == whole + "after it|"; });
}

TEST_CASE("a rule cuts the hello of a watched app in two segments") {
    Heard heard;
    ScriptedPeer const origin{listening(heard)};
    TunnelScene scene(splitting(origin.port(), tls::SplitHello::Mode::segment));
    auto& app = scene.connected();
    auto const hello = client_of().step();
    app.say(hello);
    SECTION("what follows comes behind both") {
        app.say("after it");
        scene.until([&] { return heard.text() == text_of(hello) + "after it"; });
    }
    SECTION("also the end") {
        app.finish();
        scene.until([&] { return heard.text() == text_of(hello) + "|"; });
    }
}

TEST_CASE("what is no hello passes a rule that would cut one") {
    auto const mode = GENERATE(tls::SplitHello::Mode::record, tls::SplitHello::Mode::segment);
    Heard heard;
    SECTION("an app that speaks something else") {
        ScriptedPeer const origin{listening(heard)};
        TunnelScene scene(splitting(origin.port(), mode));
        auto& app = scene.connected();
        app.say("GET / HTTP/1.1\r\n");
        app.say("\r\n");
        scene.until([&] { return heard.text() == "GET / HTTP/1.1\r\n\r\n"; });
    }
    SECTION("a server that speaks first") {
        ScriptedPeer const origin{listening(heard, "220 ready\r\n")};
        TunnelScene scene(splitting(origin.port(), mode));
        auto& app = scene.connected();
        scene.until([&] { return !app.heard.empty(); });
        app.say("EHLO\r\n");
        scene.until([&] { return heard.text() == "EHLO\r\n"; });
    }
    SECTION("half a hello, and then the end") {
        ScriptedPeer const origin{listening(heard)};
        TunnelScene scene(splitting(origin.port(), mode));
        auto& app = scene.connected();
        auto const hello = client_of().step();
        auto const half = std::span(hello).first(hello.size() / 2);
        app.say(half);
        app.finish();
        scene.until([&] { return heard.text() == text_of(half) + "|"; });
    }
}

TEST_CASE("a server that answers between the two segments breaks nothing") {
    Heard heard;
    ScriptedPeer const origin{[&](PeerSocket& socket) {
        heard.add(socket.read_some());
        socket.write(std::string_view{"\x15\x03\x03\x00\x02\x02\x28", 7});
        listening(heard)(socket);
    }};
    TunnelScene scene(splitting(origin.port(), tls::SplitHello::Mode::segment));
    auto& app = scene.connected();
    auto const hello = client_of().step();
    app.say(hello);
    scene.until([&] { return !app.heard.empty(); });
    app.say("and more");
    scene.until([&] { return heard.text() == text_of(hello) + "and more"; });
    REQUIRE(scene.records().size() == 1);
    CHECK(scene.records()[0].failure->alert);
}
