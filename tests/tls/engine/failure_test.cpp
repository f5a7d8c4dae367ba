#include "support/catch.hpp"
#include "tls/engine/conversation.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <set>

using namespace alert40;
using namespace alert40::test;
using tls::AlertDescription;
using tls::AlertLevel;
using tls::By;
using tls::Direction;
using tls::FailureKind;
using tls::Phase;
using tls::engine::Progress;
using tls::engine::Status;

namespace {

Bytes alert_record(AlertDescription description, AlertLevel level = AlertLevel::fatal) {
    return {21, 3, 3, 0, 2, static_cast<std::uint8_t>(level), static_cast<std::uint8_t>(description)};
}

/// The failure of a client that is answered with `answer` and no more.
tls::Failure failure_after(Bytes const& answer, bool then_eof = false) {
    auto const client = tls::engine::Connection::make_client(make_context(trusting_profile()), for_origin());
    REQUIRE(client->advance() == Progress::handshaking);
    client->feed(answer);
    if (then_eof) client->feed_eof();
    REQUIRE(client->advance() == Progress::failed);
    return client->failure();
}

void check_received(tls::Failure const& failure, AlertDescription description, Phase phase) {
    CHECK(failure.by == By::upstream);
    CHECK(failure.phase == phase);
    CHECK(failure.kind == FailureKind::alert);
    REQUIRE(failure.alert);
    CHECK(*failure.alert == tls::Alert{AlertLevel::fatal, description, Direction::received});
}

int refuse_alpn(SSL*, unsigned char const**, unsigned char*, unsigned char const*, unsigned, void*) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int choose_alpn_not_offered(SSL*, unsigned char const** chosen, unsigned char* size, unsigned char const*,
                            unsigned, void*) {
    *chosen = reinterpret_cast<unsigned char const*>("spdy/3");
    *size = 6;
    return SSL_TLSEXT_ERR_OK;
}

int refuse_name(SSL*, int* alert, void*) {
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int doubt_name(SSL*, int* alert, void*) {
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_WARNING;
}

/// A server's flight without the renegotiation_info extension of its ServerHello (RFC 5746), TLS 1.2.
Bytes without_secure_renegotiation(Bytes flight) {
    constexpr std::array<std::uint8_t, 5> extension = {0xff, 0x01, 0x00, 0x01, 0x00};
    auto const found = std::search(flight.begin(), flight.end(), extension.begin(), extension.end());
    if (found == flight.end()) return flight;
    flight.erase(found, found + extension.size());
    auto const shorten = [&](std::size_t at) {
        flight[at] = static_cast<std::uint8_t>(flight[at] - extension.size());
    };
    shorten(4);                                       // the record
    shorten(8);                                       // the message
    shorten(5 + 4 + 2 + 32 + 1 + flight[43] + 3 + 1); // the extensions
    return flight;
}

} // namespace

TEST_CASE("every alert straight after the hello is told with its number and direction") {
    for (auto const number :
         {10, 20, 40, 42, 47, 48, 50, 70, 71, 80, 86, 109, 110, 112, 115, 116, 120, 200}) {
        CAPTURE(number);
        auto const description = AlertDescription{static_cast<std::uint8_t>(number)};
        check_received(failure_after(alert_record(description)), description, Phase::client_hello);
    }
}

TEST_CASE("an alert fed one byte at a time is the same") {
    auto const client = tls::engine::Connection::make_client(make_context(trusting_profile()), for_origin());
    client->advance();
    for (auto const byte : alert_record(AlertDescription::handshake_failure)) {
        REQUIRE(client->advance() == Progress::handshaking);
        Bytes const piece{byte};
        client->feed(piece);
        client->advance();
        client->keep_input();
    }
    CHECK(client->advance() == Progress::failed);
    check_received(client->failure(), AlertDescription::handshake_failure, Phase::client_hello);
    CHECK(client->handshake().alerts.size() == 1);
}

TEST_CASE("real servers refuse the hello") {
    auto profile = trusting_profile();
    AlertDescription expected{};
    TlsServer::Configure configure;
    SECTION("no common cipher suite") {
        expected = AlertDescription::handshake_failure;
        profile.max_version = tls::ProtocolVersion::tls1_2;
        configure = [](SSL_CTX* context) { SSL_CTX_set_cipher_list(context, "AES128-SHA"); };
    }
    SECTION("no common version") {
        expected = AlertDescription::protocol_version;
        configure = [](SSL_CTX* context) { only_version(context, TLS1_1_VERSION); };
    }
    SECTION("no common ALPN protocol") {
        expected = AlertDescription::no_application_protocol;
        configure = [](SSL_CTX* context) { SSL_CTX_set_alpn_select_cb(context, refuse_alpn, nullptr); };
    }
    SECTION("an unknown name") {
        expected = AlertDescription::unrecognized_name;
        configure = [](SSL_CTX* context) { SSL_CTX_set_tlsext_servername_callback(context, refuse_name); };
    }
    TlsServer const server(world().origin, configure);
    Conversation talk(make_context(profile), server);
    talk.run();
    REQUIRE(talk.progress() == Progress::failed);
    check_received(talk.client().failure(), expected, Phase::client_hello);
}

TEST_CASE("a warning passes and is remembered") {
    TlsServer const server(world().origin, [](SSL_CTX* context) {
        only_version(context, TLS1_2_VERSION);
        SSL_CTX_set_tlsext_servername_callback(context, doubt_name);
    });
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    CHECK(talk.progress() == Progress::established);
    REQUIRE(talk.client().handshake().alerts.size() == 1);
    CHECK(talk.client().handshake().alerts[0] ==
          tls::Alert{AlertLevel::warning, AlertDescription::unrecognized_name, Direction::received});
}

TEST_CASE("an alert after each message of a TLS 1.2 flight tells how far it had come") {
    // ServerHello, Certificate, ServerKeyExchange, ServerHelloDone
    auto const [records, phase] =
        GENERATE(std::pair{1, Phase::server_hello}, std::pair{2, Phase::certificate},
                 std::pair{3, Phase::certificate}, std::pair{4, Phase::finished});
    TlsServer const server(world().origin, [](SSL_CTX* context) { only_version(context, TLS1_2_VERSION); });
    Conversation talk(make_context(trusting_profile()), server);
    bool refused = false;
    talk.run([&, count = static_cast<std::size_t>(records)](Bytes const& flight) {
        Bytes passed;
        if (refused || flight.empty()) return passed;
        auto const whole = records_of(flight);
        REQUIRE(whole.size() == 4);
        for (std::size_t i = 0; i < count; ++i)
            passed.insert(passed.end(), whole[i].begin(), whole[i].end());
        auto const alert = alert_record(AlertDescription::internal_error);
        passed.insert(passed.end(), alert.begin(), alert.end());
        refused = true;
        return passed;
    });
    REQUIRE(talk.progress() == Progress::failed);
    check_received(talk.client().failure(), AlertDescription::internal_error, phase);
    CHECK(talk.client().handshake().negotiated->version == "1.2");
    CHECK(talk.client().handshake().certificates.size() == (records >= 2 ? 2 : 0));
}

TEST_CASE("a required client certificate is missed: in the handshake up to TLS 1.2, after it in 1.3") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsServer const server(world().origin, [&](SSL_CTX* context) {
        only_version(context, version);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    });
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    CHECK(talk.client().handshake().certificate_requested);
    if (version == TLS1_2_VERSION) {
        REQUIRE(talk.progress() == Progress::failed);
        check_received(talk.client().failure(), AlertDescription::handshake_failure,
                       Phase::client_certificate);
    } else {
        REQUIRE(talk.progress() == Progress::established);
        talk.client().forget_handshake();
        talk.read_all();
        CHECK(talk.last == Status::failed);
        check_received(talk.client().failure(), AlertDescription::certificate_required, Phase::after);
    }
}

TEST_CASE("a client certificate is shown where it is asked for") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto const client = make_identity({.common_name = "client", .names = ""}, &world().authority);
    TemporaryFile const certificate(client.certificate_pem());
    TemporaryFile const key(client.key_pem());
    auto profile = trusting_profile();
    profile.client_certificate = {certificate.path(), key.path()};
    TlsServer const server(world().origin, [&](SSL_CTX* context) {
        only_version(context, version);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), world().authority.certificate.get());
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    });
    Conversation talk(make_context(profile), server);
    talk.run();
    CHECK(talk.progress() == Progress::established);
    CHECK(talk.server().established());
    CHECK(talk.client().handshake().certificate_requested);
}

TEST_CASE("a small DH key is refused here, with alert 40 sent") {
    auto const rsa = make_identity({.key = KeyKind::rsa_2048}, &world().authority);
    TlsServer const server(rsa, [](SSL_CTX* context) {
        only_version(context, TLS1_2_VERSION);
        auto* const generator = EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr);
        EVP_PKEY* parameters = nullptr;
        EVP_PKEY_paramgen_init(generator);
        EVP_PKEY_CTX_set_group_name(generator, "dh_1024_160");
        REQUIRE(EVP_PKEY_paramgen(generator, &parameters) == 1);
        EVP_PKEY_CTX_free(generator);
        REQUIRE(SSL_CTX_set0_tmp_dh_pkey(context, parameters) == 1);
    });
    auto profile = trusting_profile();
    profile.ciphers = "DHE-RSA-AES128-GCM-SHA256";
    Conversation talk(make_context(profile), server);
    talk.run();
    REQUIRE(talk.progress() == Progress::failed);
    auto const& failure = talk.client().failure();
    CHECK(failure.by == By::local);
    CHECK(failure.kind == FailureKind::library);
    CHECK(failure.phase == Phase::certificate);
    CHECK(failure.alert ==
          tls::Alert{AlertLevel::fatal, AlertDescription::handshake_failure, Direction::sent});
    CHECK(failure.detail == "the server's DH key is too small for our security level");

    profile.security_level = 0;
    Conversation lenient(make_context(profile), server);
    lenient.run();
    CHECK(lenient.progress() == Progress::established);
}

TEST_CASE("a server without RFC 5746 is refused here, or accepted on request") {
    TlsServer const server(world().origin, [](SSL_CTX* context) { only_version(context, TLS1_2_VERSION); });
    auto profile = trusting_profile();
    Conversation talk(make_context(profile), server);
    talk.run(without_secure_renegotiation);
    REQUIRE(talk.progress() == Progress::failed);
    CHECK(talk.client().failure().by == By::local);
    CHECK(talk.client().failure().kind == FailureKind::library);
    CHECK(talk.client().failure().phase == Phase::server_hello);
    CHECK(talk.client().failure().alert ==
          tls::Alert{AlertLevel::fatal, AlertDescription::handshake_failure, Direction::sent});
    CHECK(talk.client().failure().detail == "the server lacks secure renegotiation (RFC 5746)");

    profile.legacy_renegotiation = true;
    Conversation lenient(make_context(profile), server);
    lenient.run(without_secure_renegotiation);
    REQUIRE(lenient.progress() == Progress::failed); // at Finished: the hello was altered on the way
    CHECK(lenient.client().failure().phase == Phase::finished);
}

TEST_CASE("a protocol that was not offered is refused here") {
    TlsServer const server(world().origin, [](SSL_CTX* context) {
        SSL_CTX_set_alpn_select_cb(context, choose_alpn_not_offered, nullptr);
    });
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    REQUIRE(talk.progress() == Progress::failed);
    CHECK(talk.client().failure().by == By::local);
    CHECK(talk.client().failure().kind == FailureKind::alpn);
}

TEST_CASE("what is not TLS is told by its looks") {
    auto const text = [](std::string_view answer) {
        auto const bytes = bytes_of(answer);
        auto const failure = failure_after(Bytes(bytes.begin(), bytes.end()));
        CHECK(failure.kind == FailureKind::not_tls);
        CHECK(failure.by == By::upstream);
        CHECK(failure.phase == Phase::client_hello);
        CHECK_FALSE(failure.alert);
        return failure.detail;
    };
    CHECK(text("HTTP/1.1 400 Bad Request\r\nServer: x\r\n") ==
          "not TLS but HTTP: the answer starts with `HTTP/1.1 400 Bad Request`");
    CHECK(text("SSH-2.0-OpenSSH_9.2\r\n") == "not TLS but SSH: the answer starts with `SSH-2.0-OpenSSH_9.2`");
    CHECK(text("220 mail ESMTP\r\n") == "not TLS but SMTP or FTP: the answer starts with `220 mail ESMTP`");
    CHECK(text(std::string_view("\0\0\x12\4\0\0\0\0\0", 9)) ==
          "not TLS but HTTP/2: the answer starts with 00 00 12 04 00 00 00 00 00");
    CHECK(text("\x16\x7f") == "not TLS: the answer starts with 16 7f");
}

TEST_CASE("garbage in a record is malformed, and told to the peer") {
    auto const failure = failure_after({22, 3, 3, 0, 4, 2, 0, 0, 0});
    CHECK(failure.kind == FailureKind::malformed);
    CHECK(failure.by == By::local);
    REQUIRE(failure.alert);
    CHECK(failure.alert->direction == Direction::sent);
}

TEST_CASE("no garbage is accepted, and none is fatal to us") {
    std::uint32_t state = 40;
    for (int round = 0; round < 300; ++round) {
        Bytes answer{22, 3, 3, 0, 60};
        for (int i = 0; i < 60; ++i) {
            state = state * 1664525 + 1013904223;
            answer.push_back(static_cast<std::uint8_t>(state >> 24));
        }
        if (round % 2) answer[5] = 2;
        auto const failure = failure_after(answer, true);
        CHECK((failure.kind == FailureKind::malformed || failure.kind == FailureKind::library ||
               failure.kind == FailureKind::eof));
    }
}

TEST_CASE("an end without an answer, and a close_notify for an answer") {
    auto const client = tls::engine::Connection::make_client(make_context(trusting_profile()), for_origin());
    client->advance();
    client->feed_eof();
    REQUIRE(client->advance() == Progress::failed);
    CHECK(client->failure() == tls::Failure{By::upstream, Phase::client_hello, FailureKind::eof, std::nullopt,
                                            "the stream ended in the handshake"});

    auto const polite = failure_after(alert_record(AlertDescription::close_notify, AlertLevel::warning));
    CHECK(polite.kind == FailureKind::eof);
    CHECK(polite.detail == "close_notify instead of an answer");
}

TEST_CASE("a handshake that is cut at any byte fails as eof, with the phase it had reached") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsServer const server(world().origin, [&](SSL_CTX* context) { only_version(context, version); });
    auto const context = make_context(trusting_profile());
    std::set<Phase> reached;
    for (std::size_t cut = 0;; ++cut) {
        CAPTURE(cut);
        Conversation talk(context, server);
        auto left = cut;
        talk.run([&](Bytes flight) {
            flight.resize(std::min(left, flight.size()));
            left -= flight.size();
            return flight;
        });
        if (talk.progress() == Progress::established) break;
        talk.client().feed_eof();
        REQUIRE(talk.progress() == Progress::failed);
        REQUIRE(talk.client().failure().kind == FailureKind::eof);
        reached.insert(talk.client().failure().phase);
    }
    auto const before_finished = std::set{Phase::client_hello, Phase::server_hello, Phase::certificate};
    if (version == TLS1_3_VERSION) {
        CHECK(reached == before_finished);
    } else {
        CHECK(std::ranges::includes(reached, before_finished));
        CHECK(reached.contains(Phase::finished)); // ours; the server's is missing
    }
}
