// Handshakes that come about, between a real client and a real server, as the watch reads them.
#include "support/catch.hpp"
#include "tls/engine/certificate_summary.hpp"
#include "tls/watch/tape.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::By;
using tls::FailureKind;
using tls::Phase;
using tls::watch::HandshakeWatch;
using tls::watch::Stage;
using Names = std::vector<std::string>;

namespace {

TappedClient::Configure version(int number) {
    return [number](SSL_CTX* context) {
        SSL_CTX_set_min_proto_version(context, number);
        SSL_CTX_set_max_proto_version(context, number);
    };
}

TlsServer server_of(int number, int tickets = 2) {
    return TlsServer(issued().origin, [=](SSL_CTX* context) {
        version(number)(context);
        SSL_CTX_set_num_tickets(context, static_cast<std::size_t>(tickets));
    });
}

} // namespace

TEST_CASE("TLS 1.3: both hellos are read, and the rest is passed by") {
    TappedConversation talk(TappedClient{}, server_of(TLS1_3_VERSION));
    talk.run().client_writes("GET / HTTP/1.1\r\n\r\n").server_writes("HTTP/1.1 200 OK\r\n\r\n");

    auto const watch = watched(talk.tape());
    CHECK(watch.stage() == Stage::passed);
    CHECK(watch.done());
    CHECK(watch.phase() == Phase::finished);
    CHECK_FALSE(watch.failure());
    CHECK_FALSE(watch.ended(By::upstream, FailureKind::reset));

    auto const& offered = watch.handshake().offered.value();
    CHECK(offered.versions == Names{"1.3", "1.2"});
    CHECK(offered.alpn == Names{"h2", "http/1.1"});
    CHECK(offered.server_name == "origin.test");
    CHECK(offered.ja3.size() == 32);
    CHECK(offered.ja4.starts_with("t13d"));
    CHECK(offered.bytes == watch.hello_bytes().size());
    CHECK(watch.handshake().negotiated == tls::Negotiated{.version = "1.3",
                                                          .cipher_suite = "TLS_AES_256_GCM_SHA384",
                                                          .group = "x25519",
                                                          .alpn = "",
                                                          .resumed = false,
                                                          .ja3s = watch.handshake().negotiated->ja3s});
    CHECK(watch.handshake().negotiated->ja3s.size() == 32);
    CHECK(watch.handshake().certificates.empty());
    CHECK(watch.handshake().alerts.empty());
}

TEST_CASE("the bytes of the hello are the client's first flight") {
    TappedConversation talk(TappedClient{}, server_of(TLS1_3_VERSION));
    talk.run();
    auto const watch = watched(talk.tape());
    CHECK(std::ranges::equal(watch.hello_bytes(), talk.tape().front().bytes));
}

TEST_CASE("TLS 1.3: it has passed when both sides have gone on") {
    TappedConversation silent(TappedClient{}, server_of(TLS1_3_VERSION, 0));
    CHECK(watched(silent.run().tape()).stage() == Stage::encrypted);
    silent.client_writes("ping");
    CHECK(watched(silent.tape()).stage() == Stage::encrypted);
    silent.server_writes("pong");
    CHECK(watched(silent.tape()).stage() == Stage::passed);

    TappedConversation with_tickets(TappedClient{}, server_of(TLS1_3_VERSION));
    CHECK(watched(with_tickets.run().tape()).stage() == Stage::encrypted);
    CHECK(watched(with_tickets.client_writes("ping").tape()).stage() == Stage::passed);
}

TEST_CASE("TLS 1.2: the certificates, the group and ALPN are read as well") {
    TappedConversation talk(TappedClient{}, server_of(TLS1_2_VERSION));
    talk.run();
    CHECK(watched(talk.tape()).stage() == Stage::encrypted);
    CHECK_FALSE(watched(talk.tape()).ended(By::downstream, FailureKind::eof));
    talk.client_writes("GET");

    auto const watch = watched(talk.tape());
    CHECK(watch.stage() == Stage::passed);
    auto const& handshake = watch.handshake();
    CHECK(handshake.negotiated->version == "1.2");
    CHECK(handshake.negotiated->cipher_suite == "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    CHECK(handshake.negotiated->group == "x25519");
    CHECK(handshake.negotiated->alpn == "h2");
    CHECK_FALSE(handshake.negotiated->resumed);
    CHECK_FALSE(handshake.certificate_requested);
    REQUIRE(handshake.certificates.size() == 2);
    CHECK((handshake.certificates[0] == tls::engine::summarize(issued().origin.certificate.get())));
    CHECK(handshake.certificates[0].names == Names{"origin.test"});
    CHECK(handshake.certificates[1].subject == "CN=Test CA");
}

TEST_CASE("TLS 1.0 reads as 1.2") {
    auto const old = [](SSL_CTX* context) {
        SSL_CTX_set_security_level(context, 0);
        version(TLS1_VERSION)(context);
    };
    TappedConversation talk(TappedClient{old}, TlsServer(issued().origin, old));
    talk.run().client_writes("GET");
    auto const watch = watched(talk.tape());
    CHECK(watch.stage() == Stage::passed);
    CHECK(watch.handshake().negotiated->version == "1.0");
    CHECK(watch.handshake().certificates.size() == 2);
}

TEST_CASE("static RSA has no group") {
    auto const rsa = make_identity({.key = KeyKind::rsa_2048}, &issued().authority);
    TappedClient const client(
        [](SSL_CTX* context) { SSL_CTX_set_cipher_list(context, "AES128-GCM-SHA256"); });
    TappedConversation talk(client, TlsServer(rsa, version(TLS1_2_VERSION)));
    talk.run().client_writes("GET");
    auto const watch = watched(talk.tape());
    CHECK(watch.stage() == Stage::passed);
    CHECK(watch.handshake().negotiated->group == "");
    CHECK(watch.handshake().certificates.at(0).key == "RSA 2048");
}

TEST_CASE("a handshake that resumes") {
    auto const number = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto const tickets = GENERATE(true, false);
    auto const server = TlsServer(issued().origin, [&](SSL_CTX* context) {
        version(number)(context);
        if (!tickets) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    });
    TappedClient const client;
    TappedConversation first(client, server);
    first.run().client_writes("GET").server_writes("OK");
    CHECK_FALSE(watched(first.tape()).handshake().negotiated->resumed);

    TappedConversation second(client, server);
    second.resume(first.session().get()).run();
    REQUIRE(SSL_session_reused(second.client()) == 1);
    second.client_writes("GET").server_writes("OK");
    auto const watch = watched(second.tape());
    CHECK(watch.stage() == Stage::passed);
    CHECK(watch.handshake().offered->resumption);
    CHECK(watch.handshake().negotiated->resumed);
    CHECK(watch.handshake().certificates.empty());
}

TEST_CASE("early data is no Finished") {
    auto const server = TlsServer(issued().origin, [](SSL_CTX* context) {
        version(TLS1_3_VERSION)(context);
        SSL_CTX_set_max_early_data(context, 16384);
    });
    TappedClient const client;
    TappedConversation first(client, server);
    first.run().client_writes("GET").server_writes("OK");
    auto const session = first.session();

    TappedConversation second(client, server);
    second.resume(session.get()).client_writes_early("GET /early").run();
    CHECK(second.tape().size() > 1);
    auto const hello_and_data = Tape(second.tape().begin(), second.tape().begin() + 1);
    CHECK(watched(hello_and_data).stage() == Stage::hello);
    CHECK_FALSE(watched(hello_and_data).done());
    second.client_writes("more").server_writes("OK");
    auto const watch = watched(second.tape());
    CHECK(watch.stage() == Stage::passed);
    CHECK(watch.handshake().negotiated->resumed);
}

TEST_CASE("HelloRetryRequest: the first hello is what was offered") {
    TappedClient const client([](SSL_CTX* context) { SSL_CTX_set1_groups_list(context, "X25519:P-384"); });
    TlsServer const server(issued().origin,
                           [](SSL_CTX* context) { SSL_CTX_set1_groups_list(context, "P-384"); });
    TappedConversation talk(client, server);
    talk.run().client_writes("GET").server_writes("OK");
    auto const watch = watched(talk.tape());
    CHECK(watch.stage() == Stage::passed);
    CHECK(watch.handshake().offered->groups == Names{"x25519", "secp384r1"});
    CHECK(watch.handshake().negotiated->group == "secp384r1");
    CHECK(std::ranges::equal(watch.hello_bytes(), talk.tape().front().bytes));

    auto const until_retry = watched({talk.tape()[0], talk.tape()[1]});
    CHECK(until_retry.stage() == Stage::answered);
    CHECK(until_retry.handshake().negotiated->group == "secp384r1");
}

TEST_CASE("a client certificate is asked for and shown") {
    auto const number = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto const identity = make_identity({.common_name = "app", .names = ""}, &issued().authority);
    TappedClient const client([&](SSL_CTX* context) {
        SSL_CTX_use_certificate(context, identity.certificate.get());
        SSL_CTX_use_PrivateKey(context, identity.key.get());
    });
    TlsServer const server(issued().origin, [&](SSL_CTX* context) {
        version(number)(context);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), issued().authority.certificate.get());
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    });
    TappedConversation talk(client, server);
    talk.run().client_writes("GET").server_writes("OK");
    auto const watch = watched(talk.tape());
    CHECK(watch.stage() == Stage::passed);
    CHECK(watch.handshake().certificate_requested == (number == TLS1_2_VERSION));       // 1.3 hides it
    CHECK(watch.handshake().certificates.size() == (number == TLS1_2_VERSION ? 2 : 0)); // the server's
}
