// Streams that end before the handshake is through, wherever they are cut.
#include "support/catch.hpp"
#include "tls/watch/tape.hpp"

#include <set>

using namespace alert40;
using namespace alert40::test;
using tls::By;
using tls::Failure;
using tls::FailureKind;
using tls::Phase;
using tls::watch::HandshakeWatch;
using tls::watch::Stage;

namespace {

Tape full_tape(int version, std::size_t tickets = 0) {
    TlsServer const server(issued().origin, [=](SSL_CTX* context) {
        SSL_CTX_set_max_proto_version(context, version);
        SSL_CTX_set_num_tickets(context, tickets);
    });
    TappedConversation talk(TappedClient{}, server);
    return talk.run().client_writes("GET / HTTP/1.1\r\n\r\n").server_writes("HTTP/1.1 200 OK\r\n\r\n").tape();
}

Tape first_of(Tape tape, std::size_t pieces) {
    tape.resize(pieces);
    return tape;
}

std::string detail_after(Tape const& tape, By who, FailureKind kind) {
    auto const failure = watched(tape).ended(who, kind);
    if (!failure) return "";
    CHECK(failure->kind == kind);
    CHECK_FALSE(failure->alert);
    return failure->detail;
}

} // namespace

TEST_CASE("an end right after the ClientHello") {
    auto const hello = first_of(full_tape(TLS1_3_VERSION), 1);
    CHECK(watched(hello).ended(By::upstream, FailureKind::eof) ==
          Failure{By::upstream, Phase::client_hello, FailureKind::eof, std::nullopt,
                  "the server closed the connection right after the ClientHello"});
    CHECK(detail_after(hello, By::upstream, FailureKind::reset) ==
          "the server reset the connection right after the ClientHello");
    CHECK(detail_after(hello, By::upstream, FailureKind::timeout) ==
          "the server fell silent right after the ClientHello");
    CHECK(detail_after(hello, By::downstream, FailureKind::eof) ==
          "the app closed the connection right after the ClientHello");
}

TEST_CASE("an end within the ClientHello, and one before it") {
    auto hello = full_tape(TLS1_3_VERSION).front();
    hello.bytes.resize(200);
    CHECK(watched({hello}).stage() == Stage::undecided);
    CHECK(detail_after({hello}, By::upstream, FailureKind::reset) ==
          "the server reset the connection right after the first bytes of the ClientHello");
    CHECK_FALSE(watched({}).ended(By::downstream, FailureKind::eof));
    CHECK_FALSE(watched({}).ended(By::upstream, FailureKind::reset));
}

TEST_CASE("TLS 1.3, cut after each flight") {
    auto const tape = full_tape(TLS1_3_VERSION);
    REQUIRE(tape.size() == 5); // hello; server's flight; Finished; request; response
    SECTION("the app hangs up on the certificate") {
        CHECK(detail_after(first_of(tape, 2), By::downstream, FailureKind::reset) ==
              "the app reset the connection right after the server's first flight: apps that do not trust a "
              "certificate do that");
    }
    SECTION("and the server says goodbye to it, as seen with Node 20") {
        Bytes close_notify{23, 3, 3, 0, 19};
        close_notify.resize(24);
        auto const closed = first_of(tape, 2) + server_sends(close_notify);
        CHECK(detail_after(closed, By::downstream, FailureKind::eof) ==
              "the app closed the connection right after the server's first flight: apps that do not trust a "
              "certificate do that");
        CHECK(detail_after(closed, By::upstream, FailureKind::eof) ==
              "the server sent an encrypted record of the size of an alert within its first flight");
    }
    SECTION("the server hangs up by itself") {
        CHECK(detail_after(first_of(tape, 2), By::upstream, FailureKind::eof) ==
              "the server closed the connection right after the server's first flight");
    }
    SECTION("a connection that was made in advance, and not used") {
        CHECK_FALSE(watched(first_of(tape, 3)).ended(By::downstream, FailureKind::eof));
        CHECK_FALSE(watched(first_of(tape, 3)).ended(By::upstream, FailureKind::eof));
    }
    SECTION("a request that is not answered") {
        CHECK(detail_after(first_of(tape, 4), By::upstream, FailureKind::reset) ==
              "the server reset the connection right after the app's Finished, without an answer");
        CHECK_FALSE(watched(first_of(tape, 4)).ended(By::downstream, FailureKind::eof));
    }
    SECTION("afterwards") {
        CHECK_FALSE(watched(tape).ended(By::upstream, FailureKind::reset));
    }
}

TEST_CASE("TLS 1.3: a connection that was made in advance is closed politely") {
    TappedConversation talk(TappedClient{}, TlsServer(issued().origin)); // with tickets
    auto const watch = watched(talk.run().client_closes().tape());
    CHECK(watch.stage() == Stage::encrypted);
    CHECK_FALSE(watch.ended(By::downstream, FailureKind::eof));
    CHECK_FALSE(watch.ended(By::upstream, FailureKind::eof));
}

TEST_CASE("TLS 1.2, cut after each flight") {
    auto const tape = full_tape(TLS1_2_VERSION);
    REQUIRE(tape.size() == 6); // hello; server's flight; keys, Finished; ticket, Finished; request; response
    CHECK(detail_after(first_of(tape, 2), By::downstream, FailureKind::eof) ==
          "the app closed the connection right after the ServerHelloDone");
    CHECK(watched(first_of(tape, 2)).phase() == Phase::certificate);
    CHECK(detail_after(first_of(tape, 3), By::upstream, FailureKind::reset) ==
          "the server reset the connection right after the app's Finished");
    CHECK(watched(first_of(tape, 3)).stage() == Stage::encrypted);
    CHECK_FALSE(watched(first_of(tape, 4)).ended(By::downstream, FailureKind::eof));
    CHECK(watched(first_of(tape, 5)).stage() == Stage::passed);
}

TEST_CASE("TLS 1.2: an encrypted alert can be told from the rest") {
    auto const tape = full_tape(TLS1_2_VERSION);
    auto const refused = first_of(tape, 3) + client_sends({21, 3, 3, 0, 3, 1, 2, 3});
    CHECK(watched(refused).ended(By::upstream, FailureKind::eof) ==
          Failure{By::downstream, Phase::finished, FailureKind::eof, std::nullopt,
                  "an encrypted alert from the app, right after the app's Finished"});
}

TEST_CASE("a handshake that is cut at any byte: the stages come in order, and nothing else") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto const tape = full_tape(version);
    HandshakeWatch watch(tools());
    auto before = watch.stage();
    std::set<Stage> reached;
    for (auto const& [from_client, bytes] : tape)
        for (auto const byte : bytes) {
            from_client ? watch.client_sent({&byte, 1}) : watch.server_sent({&byte, 1});
            REQUIRE(watch.stage() >= before);
            before = watch.stage();
            reached.insert(before);
            for (auto const kind : {FailureKind::eof, FailureKind::reset, FailureKind::timeout})
                for (auto const who : {By::downstream, By::upstream})
                    if (auto const failure = watch.ended(who, kind)) {
                        REQUIRE(failure->kind == kind);
                        REQUIRE_FALSE(failure->detail.empty());
                        REQUIRE(before < Stage::passed);
                    }
        }
    std::set<Stage> expected = {Stage::undecided, Stage::hello, Stage::encrypted, Stage::passed};
    if (version == TLS1_2_VERSION) expected.insert(Stage::answered);
    CHECK(reached == expected);
}
