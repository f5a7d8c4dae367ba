#include "support/catch.hpp"
#include "tls/engine/server_scene.hpp"

#include <array>

using namespace alert40;
using namespace alert40::test;
using tls::AlertDescription;
using tls::By;
using tls::Direction;
using tls::FailureKind;
using tls::Phase;
using tls::engine::Progress;
using tls::engine::Status;

namespace {

struct Verdict {
    int error; ///< what the client says of the certificate
    AlertDescription alert;
};

Verdict any_verdict() {
    return GENERATE(Verdict{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, AlertDescription::unknown_ca},
                    Verdict{X509_V_ERR_SUITE_B_INVALID_VERSION, AlertDescription::certificate_unknown},
                    Verdict{X509_V_ERR_CERT_REJECTED, AlertDescription::bad_certificate},
                    Verdict{X509_V_ERR_CERT_HAS_EXPIRED, AlertDescription::certificate_expired});
}

void refuse_with(SSL_CTX* context, int* error) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(
        context,
        [](X509_STORE_CTX* chain, void* why) {
            X509_STORE_CTX_set_error(chain, *static_cast<int*>(why));
            return 0;
        },
        error);
}

void check_distrust(tls::Failure const& failure, AlertDescription description, Phase phase) {
    CHECK(failure.by == By::downstream);
    CHECK(failure.phase == phase);
    CHECK(failure.kind == FailureKind::alert);
    CHECK(failure.alert == tls::Alert{tls::AlertLevel::fatal, description, Direction::received});
    CHECK(failure.detail.starts_with("the app sent alert "));
}

} // namespace

TEST_CASE("an app that does not trust us says so in the handshake") {
    auto const row = GENERATE(from_range(versions()));
    auto verdict = any_verdict();
    CAPTURE(row.name, static_cast<int>(verdict.alert));
    TlsClient client([&](SSL_CTX* context) {
        only_version(context, static_cast<int>(row.version));
        refuse_with(context, &verdict.error);
    });
    auto const server = server_with();
    talk(client, *server);
    REQUIRE(server->advance() == Progress::failed);
    check_distrust(server->failure(), verdict.alert, Phase::certificate);
    CHECK(server->handshake().alerts.size() == 1);
    CHECK(server->handshake().certificates.size() == 2);
    CHECK(server->handshake().negotiated->version == row.name);
}

TEST_CASE("an app that looks at the certificate after the handshake says so to the first read") {
    auto const description = GENERATE(AlertDescription::unknown_ca, AlertDescription::certificate_unknown,
                                      AlertDescription::bad_certificate);
    TlsClient client;
    auto const server = server_with();
    talk(client, *server);
    REQUIRE(server->advance() == Progress::established);
    std::array<std::uint8_t, 100> buffer{};

    SECTION("before any plaintext: it is about the certificate") {
        hand_over(*server, client.first_alert(static_cast<std::uint8_t>(description)));
        CHECK(server->read(buffer).status == Status::failed);
        check_distrust(server->failure(), description, Phase::finished);
    }
    SECTION("another alert is a failure like any") {
        hand_over(*server, client.first_alert(80));
        CHECK(server->read(buffer).status == Status::failed);
        check_distrust(server->failure(), AlertDescription::internal_error, Phase::after);
    }
}

TEST_CASE("an app that hangs up at our certificate is told by the phase") {
    auto const row = GENERATE(from_range(versions()));
    TlsClient client([&](SSL_CTX* context) { only_version(context, static_cast<int>(row.version)); });
    auto const server = server_with();
    hand_over(*server, client.step());
    REQUIRE(server->advance() == Progress::handshaking);
    CHECK(server->phase() == Phase::certificate);
    server->feed_eof();
    REQUIRE(server->advance() == Progress::failed);
    CHECK(server->failure().by == By::downstream);
    CHECK(server->failure().kind == FailureKind::eof);
    CHECK(server->failure().phase == Phase::certificate);
    CHECK_FALSE(server->failure().alert);
}

TEST_CASE("an app that accepts the certificate and then goes away is in another phase") {
    TlsClient client([](SSL_CTX* context) { only_version(context, TLS1_2_VERSION); });
    auto const server = server_with();
    hand_over(*server, client.step());
    server->advance();
    Bytes const answer(server->output().data().begin(), server->output().data().end());
    auto const records = records_of(client.step(answer)); // key exchange, change_cipher_spec, Finished
    REQUIRE(records.size() == 3);
    server->feed(records[0]);
    CHECK(server->advance() == Progress::handshaking);
    server->feed_eof();
    REQUIRE(server->advance() == Progress::failed);
    CHECK(server->failure().phase == Phase::finished);
}

TEST_CASE("what is no TLS, or no hello, is told from the other failures") {
    auto const server = server_with();
    SECTION("HTTP") {
        server->feed(bytes_of("GET / HTTP/1.1\r\n"));
        REQUIRE(server->advance() == Progress::failed);
        CHECK(server->failure().kind == FailureKind::not_tls);
        CHECK(server->failure().by == By::downstream);
        CHECK(server->failure().detail == "not TLS: the app starts with `GET / HTTP/1.1`");
    }
    SECTION("a record of nonsense") {
        Bytes const nonsense{22, 3, 1, 0, 6, 1, 0, 0, 2, 9, 9};
        server->feed(nonsense);
        REQUIRE(server->advance() == Progress::failed);
        CHECK(server->failure().kind == FailureKind::malformed);
        CHECK(server->failure().by == By::local);
        REQUIRE(server->failure().alert);
        CHECK(server->failure().alert->description == AlertDescription::decode_error);
        CHECK_FALSE(server->output().empty());
        CHECK_FALSE(server->handshake().offered);
    }
    SECTION("an end before the hello") {
        server->feed_eof();
        REQUIRE(server->advance() == Progress::failed);
        CHECK(server->failure().kind == FailureKind::eof);
        CHECK(server->failure().phase == Phase::client_hello);
    }
}

TEST_CASE("what we cannot answer is said in words, with the alert that we send") {
    auto const server = server_with();
    std::string words;
    auto alert = AlertDescription::handshake_failure;
    SECTION("only suites for RSA certificates") {
        TlsClient client([](SSL_CTX* context) {
            only_version(context, TLS1_2_VERSION);
            SSL_CTX_set_cipher_list(context, "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0");
        });
        talk(client, *server);
        words = "cipher suite";
    }
    SECTION("only signatures of RSA keys") {
        TlsClient client([](SSL_CTX* context) {
            only_version(context, TLS1_3_VERSION);
            SSL_CTX_set1_sigalgs_list(context, "rsa_pss_rsae_sha256");
        });
        talk(client, *server);
        words = "signature";
    }
    SECTION("a fallback to a lower version") {
        TlsClient client([](SSL_CTX* context) {
            SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
            SSL_CTX_set_mode(context, SSL_MODE_SEND_FALLBACK_SCSV);
        });
        talk(client, *server);
        words = "fell back";
        alert = AlertDescription::inappropriate_fallback;
    }
    REQUIRE(server->advance() == Progress::failed);
    CHECK(server->failure().by == By::local);
    CHECK(server->failure().kind == FailureKind::library);
    CHECK(server->failure().phase == Phase::client_hello);
    CHECK(server->failure().detail.find(words) != std::string::npos);
    REQUIRE(server->failure().alert);
    CHECK(server->failure().alert->description == alert);
    CHECK(server->failure().alert->direction == Direction::sent);
}
