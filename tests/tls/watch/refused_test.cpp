// Handshakes that one side refuses, with an alert that can be read or one that cannot.
#include "support/catch.hpp"
#include "tls/watch/tape.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::Alert;
using tls::AlertDescription;
using tls::AlertLevel;
using tls::By;
using tls::Direction;
using tls::Failure;
using tls::FailureKind;
using tls::Phase;
using tls::watch::Stage;

namespace {

void only(SSL_CTX* context, int version) {
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
}

TappedClient distrusting_client() {
    return TappedClient([](SSL_CTX* context) { SSL_CTX_set_cert_store(context, X509_STORE_new()); });
}

TlsServer demanding_server(int version) {
    return TlsServer(issued().origin, [version](SSL_CTX* context) {
        only(context, version);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    });
}

/// A record of TLS 1.3 that cannot be read, with so much in it.
Bytes encrypted(std::size_t size) {
    Bytes record{23, 3, 3, 0, static_cast<std::uint8_t>(size)};
    record.resize(5 + size);
    return record;
}

} // namespace

TEST_CASE("alert 40 from the server: no common cipher suite") {
    TappedClient const client([](SSL_CTX* context) {
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(context, "ECDHE-RSA-AES128-GCM-SHA256"); // the key is of the other kind
    });
    TappedConversation talk(client, TlsServer(issued().origin));
    auto const watch = watched(talk.run().tape());
    CHECK(watch.stage() == Stage::failed);
    CHECK(watch.done());
    Alert const alert{AlertLevel::fatal, AlertDescription::handshake_failure, Direction::received};
    CHECK(watch.failure() == Failure{By::upstream, Phase::client_hello, FailureKind::alert, alert,
                                     "alert 40 from the server, right after the ClientHello"});
    CHECK(watch.handshake().alerts == std::vector{alert});
    CHECK(watch.handshake().offered->alpn.size() == 2);
    CHECK_FALSE(watch.handshake().negotiated);
    CHECK(watch.ended(By::upstream, FailureKind::eof) == watch.failure());
}

TEST_CASE("alert 70 from the server: no common version") {
    TappedClient const client([](SSL_CTX* context) { only(context, TLS1_3_VERSION); });
    TlsServer const server(issued().origin, [](SSL_CTX* context) { only(context, TLS1_2_VERSION); });
    TappedConversation talk(client, server);
    auto const watch = watched(talk.run().tape());
    REQUIRE(watch.failure());
    CHECK(watch.failure()->alert->description == AlertDescription::protocol_version);
    CHECK(watch.failure()->detail == "alert 70 from the server, right after the ClientHello");
}

TEST_CASE("alert 48 from the app, in TLS 1.2") {
    TlsServer const server(issued().origin, [](SSL_CTX* context) { only(context, TLS1_2_VERSION); });
    TappedConversation talk(distrusting_client(), server);
    auto const watch = watched(talk.run().tape());
    Alert const alert{AlertLevel::fatal, AlertDescription::unknown_ca, Direction::sent};
    CHECK(watch.failure() ==
          Failure{By::downstream, Phase::certificate, FailureKind::alert, alert,
                  "alert 48 from the app, right after the ServerHelloDone: the app refused the certificate"});
    CHECK(watch.handshake().certificates.size() == 2);
}

TEST_CASE("alert 48 from the app, in TLS 1.3: OpenSSL does not encrypt it") {
    TappedConversation talk(distrusting_client(), TlsServer(issued().origin));
    auto const watch = watched(talk.run().tape());
    Alert const alert{AlertLevel::fatal, AlertDescription::unknown_ca, Direction::sent};
    CHECK(watch.failure() == Failure{By::downstream, Phase::certificate, FailureKind::alert, alert,
                                     "alert 48 from the app, right after the server's first flight: the app "
                                     "refused the certificate"});
    CHECK(watch.handshake().certificates.empty());
}

TEST_CASE("the app refuses the certificate in TLS 1.3: an encrypted record of the size of an alert") {
    // As seen of GnuTLS 3.7 and NSS 3.87 (19 bytes), of Java 17 (35), and with the short tag of CCM_8.
    auto const [suite, size] = GENERATE(table<char const*, std::size_t>({
        {"TLS_AES_128_GCM_SHA256", 19},
        {"TLS_AES_256_GCM_SHA384", 19},
        {"TLS_CHACHA20_POLY1305_SHA256", 35},
        {"TLS_AES_128_CCM_8_SHA256", 11},
    }));
    auto const tape = [suite = suite] {
        auto const configure = [suite](SSL_CTX* context) {
            SSL_CTX_set_ciphersuites(context, suite);
            SSL_CTX_set_security_level(context, 0); // for CCM_8
        };
        TappedConversation talk(TappedClient{configure}, TlsServer(issued().origin, configure));
        auto hellos = talk.run().tape();
        hellos.resize(2);
        return hellos;
    }();
    auto const watch = watched(tape + client_sends({20, 3, 3, 0, 1, 1}) + client_sends(encrypted(size)));
    CHECK(watch.stage() == Stage::encrypted);
    CHECK_FALSE(watch.failure());
    auto const who = GENERATE(By::downstream, By::upstream); // whoever closes first
    auto const kind = GENERATE(FailureKind::eof, FailureKind::reset);
    CHECK(watch.ended(who, kind) ==
          Failure{By::downstream, Phase::certificate, kind, std::nullopt,
                  "the app answered the server's flight with an encrypted record of the size of an alert: it "
                  "looks as if the app refused the certificate"});
}

TEST_CASE("the app looks at the certificate after the handshake, and leaves") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsServer const server(issued().origin, [&](SSL_CTX* context) { only(context, version); });
    TappedConversation talk(TappedClient{}, server);
    auto tape = talk.run().tape();
    if (version == TLS1_3_VERSION) {
        auto const tickets = tape.back();
        tape.pop_back();
        tape = tape + client_sends(encrypted(19)) + tickets; // they cross: as seen of git with GnuTLS
    } else {
        tape = tape + client_sends({21, 3, 3, 0, 26, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1,
                                    1,  1, 1, 1, 1,  1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    }
    auto const watch = watched(tape);
    CHECK(watch.stage() == Stage::encrypted);
    CHECK(
        watch.ended(By::downstream, FailureKind::eof) ==
        Failure{By::downstream, Phase::after, FailureKind::eof, std::nullopt,
                "the app finished the handshake and closed the connection at once, without a word: some apps "
                "look at the certificate only then, and leave when they refuse it"});
}

TEST_CASE("a missing client certificate, in TLS 1.2") {
    TappedConversation talk(TappedClient{}, demanding_server(TLS1_2_VERSION));
    auto const watch = watched(talk.run().tape());
    Alert const alert{AlertLevel::fatal, AlertDescription::handshake_failure, Direction::received};
    CHECK(watch.failure() == Failure{By::upstream, Phase::client_certificate, FailureKind::alert, alert,
                                     "alert 40 from the server, right after the app's Finished"});
    CHECK(watch.handshake().certificate_requested);
}

TEST_CASE("a missing client certificate, in TLS 1.3: hidden, and told by size") {
    TappedConversation talk(TappedClient{}, demanding_server(TLS1_3_VERSION));
    auto const watch = watched(talk.run().tape());
    CHECK(watch.stage() == Stage::encrypted);
    CHECK(
        watch.ended(By::upstream, FailureKind::eof) ==
        Failure{By::upstream, Phase::finished, FailureKind::eof, std::nullopt,
                "an encrypted record of the size of an alert was the server's answer to the app's Finished: "
                "it looks as if the server demands a client certificate (alert 116)"});
}

TEST_CASE("an answer that is not TLS") {
    TappedConversation talk(TappedClient{}, TlsServer(issued().origin));
    auto const hello = talk.run().tape().front();
    std::string_view const answer = "HTTP/1.1 400 Bad Request\r\nServer: x\r\n";
    auto const watch = watched({hello, server_sends({answer.begin(), answer.end()})});
    CHECK(watch.stage() == Stage::failed);
    CHECK(watch.failure() ==
          Failure{By::upstream, Phase::client_hello, FailureKind::not_tls, std::nullopt,
                  "the answer to the ClientHello is not TLS: it starts with `HTTP/1.1 400 Bad Request`"});
}

TEST_CASE("an alert that comes before the ClientHello is whole") {
    TappedConversation talk(TappedClient{}, TlsServer(issued().origin));
    auto hello = talk.run().tape().front().bytes;
    hello.resize(100);
    auto const watch = watched({client_sends(hello), server_sends({21, 3, 1, 0, 2, 2, 50})});
    CHECK(watch.stage() == Stage::failed);
    CHECK(watch.failure()->phase == Phase::client_hello);
    CHECK(watch.failure()->detail ==
          "alert 50 from the server, right after the first bytes of the ClientHello");
    CHECK_FALSE(watch.handshake().offered);
    CHECK(watch.hello_bytes().empty());
}

TEST_CASE("a warning is noted, and the handshake goes on") {
    TappedConversation talk(TappedClient{}, TlsServer(issued().origin));
    auto tape = talk.run().client_writes("GET").server_writes("OK").tape();
    tape.insert(tape.begin() + 1, server_sends({21, 3, 3, 0, 2, 1, 112}));
    auto const watch = watched(tape);
    CHECK(watch.stage() == Stage::passed);
    Alert const warning{AlertLevel::warning, AlertDescription::unrecognized_name, Direction::received};
    CHECK(watch.handshake().alerts == std::vector{warning});

    auto const cut = watched({tape[0], tape[1]}).ended(By::upstream, FailureKind::eof);
    CHECK(cut == Failure{By::upstream, Phase::client_hello, FailureKind::eof, warning,
                         "the server closed the connection right after the ClientHello"});
}

TEST_CASE("close_notify instead of an answer") {
    TappedConversation talk(TappedClient{}, TlsServer(issued().origin));
    auto const hello = talk.run().tape().front();
    auto const watch = watched({hello, server_sends({21, 3, 3, 0, 2, 1, 0})});
    CHECK(watch.stage() == Stage::hello);
    CHECK(watch.handshake().alerts.empty());
    CHECK(watch.ended(By::upstream, FailureKind::eof)->detail ==
          "the server closed the connection right after the ClientHello, with a close_notify");
    auto const fatal = watched({hello, server_sends({21, 3, 3, 0, 2, 2, 0})});
    CHECK(fatal.ended(By::upstream, FailureKind::eof)->detail ==
          "the server closed the connection right after the ClientHello, with a fatal close_notify");
    CHECK(fatal.ended(By::downstream, FailureKind::reset) == fatal.ended(By::upstream, FailureKind::eof));

    auto const left = watched({hello, client_sends({21, 3, 3, 0, 2, 1, 0})});
    CHECK(left.ended(By::downstream, FailureKind::eof)->by == By::downstream);
}
