#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"
#include "support/tls_client.hpp"
#include "support/tls_pair.hpp"
#include "tls/engine/conversation.hpp"
#include "tls/engine/identity.hpp"
#include "tls/engine/server_context.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

using namespace alert40;
using namespace alert40::test;
using tls::AlertDescription;
using tls::By;
using tls::Direction;
using tls::FailureKind;
using tls::Phase;
using tls::ProtocolVersion;
using tls::engine::Connection;
using tls::engine::Progress;
using tls::engine::ServerContext;
using tls::engine::Status;

namespace {

std::shared_ptr<tls::engine::Identity const> shown(test::Identity const& identity) {
    auto chain = identity.certificate_pem();
    if (identity.issuer) chain += test::Identity{identity.issuer, {}, {}}.certificate_pem();
    auto made = tls::engine::Identity::from_pem(chain, identity.key_pem());
    if (!made) throw std::runtime_error(made.error());
    return *made;
}

std::shared_ptr<tls::engine::Identity const> const& origin() {
    static auto const made = shown(world().origin);
    return made;
}

tls::Profile profile_of(ProtocolVersion version) {
    auto profile = trusting_profile();
    profile.min_version = profile.max_version = version;
    profile.alpn = {"h2", "http/1.1"};
    if (version < ProtocolVersion::tls1_2) profile.security_level = 0, profile.ciphers = "ALL";
    return profile;
}

std::unique_ptr<Connection>
server_with(std::vector<std::string> alpn = {"h2", "http/1.1"},
            std::shared_ptr<ServerContext const> context = ServerContext::make()) {
    return Connection::make_server(std::move(context), {origin(), std::move(alpn)});
}

TlsPair pair_of(tls::Profile profile, std::unique_ptr<Connection> server = server_with()) {
    return {Connection::make_client(make_context(std::move(profile)), for_origin()), std::move(server)};
}

struct Row {
    ProtocolVersion version;
    std::string name;
};

Row any_version() {
    return GENERATE(Row{ProtocolVersion::tls1_0, "1.0"}, Row{ProtocolVersion::tls1_1, "1.1"},
                    Row{ProtocolVersion::tls1_2, "1.2"}, Row{ProtocolVersion::tls1_3, "1.3"});
}

} // namespace

TEST_CASE("an app of any version is served, and described as it was heard") {
    auto const row = any_version();
    CAPTURE(row.name);
    auto pair = pair_of(profile_of(row.version));
    Bytes hello;
    pair.run([&](Bytes flight) {
        if (hello.empty()) hello = flight;
        return flight;
    });
    REQUIRE(pair.client->advance() == Progress::established);
    REQUIRE(pair.server->advance() == Progress::established);
    CHECK(pair.server->alpn() == "h2");

    auto const& heard = pair.server->handshake();
    CHECK(heard.offered == pair.client->handshake().offered);
    CHECK(heard.negotiated == pair.client->handshake().negotiated);
    CHECK(heard.certificates == pair.client->handshake().certificates);
    CHECK(heard.negotiated->version == row.name);
    CHECK_FALSE(heard.negotiated->group.empty());
    CHECK(heard.offered->bytes == hello.size());
    CHECK(Bytes(pair.server->hello_bytes().begin(), pair.server->hello_bytes().end()) == hello);
    CHECK(heard.alerts.empty());

    TlsPair::write(*pair.client, "ping");
    pair.run();
    CHECK(pair.read_all(*pair.server) == "ping");
    TlsPair::write(*pair.server, "pong");
    pair.run();
    CHECK(pair.read_all(*pair.client) == "pong");
    pair.client->close();
    pair.run();
    CHECK(pair.read_all(*pair.server).empty());
    CHECK(pair.last == Status::closed);
}

TEST_CASE("a hello that comes in small pieces is the same hello") {
    auto const client = Connection::make_client(make_context(trusting_profile()), for_origin());
    client->advance();
    Bytes const hello(client->output().data().begin(), client->output().data().end());
    auto const server = server_with();
    for (auto const byte : hello) {
        CHECK(server->hello_bytes().empty());
        server->feed({&byte, 1});
        CHECK(server->advance() == Progress::handshaking);
        server->keep_input();
    }
    CHECK(Bytes(server->hello_bytes().begin(), server->hello_bytes().end()) == hello);
    CHECK(server->handshake().offered == client->handshake().offered);
    CHECK_FALSE(server->output().empty());

    SECTION("it may come in records of its own, and is kept with their headers") {
        auto profile = trusting_profile();
        profile.split_hello = {tls::SplitHello::Mode::record, 7};
        auto pair = pair_of(profile);
        pair.run();
        CHECK(pair.server->advance() == Progress::established);
        CHECK(std::ranges::equal(pair.server->hello_bytes(), pair.client->hello_bytes()));
        CHECK(pair.server->handshake().offered->bytes == pair.client->hello_bytes().size());
    }
}

TEST_CASE("a hello that is larger than any that makes sense is served, and not kept") {
    auto options = for_origin();
    options.alpn = std::vector<std::string>(255, std::string(255, 'x'));
    TlsPair pair{Connection::make_client(make_context(trusting_profile()), options), server_with()};
    pair.run();
    CHECK(pair.server->advance() == Progress::established);
    CHECK(pair.server->hello_bytes().empty());
    CHECK(pair.server->handshake().offered->alpn.size() == 255);
}

TEST_CASE("ALPN: the first of ours that the app offers, or no answer") {
    struct Choice {
        std::vector<std::string> ours, offered;
        std::string chosen;
    };

    auto const choice = GENERATE(Choice{{"h2", "http/1.1"}, {"http/1.1", "h2"}, "h2"},
                                 Choice{{"h2", "http/1.1"}, {"http/1.1"}, "http/1.1"},
                                 Choice{{"h2", "http/1.1"}, {"spdy/3", "h2c"}, ""},
                                 Choice{{"h2", "http/1.1"}, {}, ""}, Choice{{}, {"h2"}, ""});
    auto const version = GENERATE(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3);
    auto profile = profile_of(version);
    profile.alpn = choice.offered;
    auto pair = pair_of(profile, server_with(choice.ours));
    pair.run();
    REQUIRE(pair.client->advance() == Progress::established);
    REQUIRE(pair.server->advance() == Progress::established);
    CHECK(pair.server->alpn() == choice.chosen);
    CHECK(pair.client->alpn() == choice.chosen);
    CHECK(pair.server->handshake().negotiated->alpn == choice.chosen);
    CHECK(pair.server->handshake().offered->alpn == choice.offered);
}

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

void hand_over(Connection& server, Bytes const& bytes) {
    server.feed(bytes);
    server.keep_input();
}

/// Until both are silent.
void talk(TlsClient& client, Connection& server) {
    auto to_server = client.step();
    while (!to_server.empty()) {
        server.feed(to_server);
        server.advance();
        server.keep_input();
        Bytes const answer(server.output().data().begin(), server.output().data().end());
        server.output().clear();
        to_server = client.step(answer);
    }
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
    auto const row = any_version();
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
    auto const row = any_version();
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

TEST_CASE("whatever the app offers is taken, and what is strong comes first") {
    struct Suite {
        int version;
        std::string offered, chosen;
    };

    auto const suite = GENERATE(
        Suite{TLS1_2_VERSION,
              "ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256",
              "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
        Suite{TLS1_2_VERSION, "ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
        Suite{TLS1_2_VERSION, "ECDHE-ECDSA-CAMELLIA128-SHA256",
              "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256"},
        Suite{TLS1_2_VERSION, "ECDHE-ECDSA-AES256-CCM8", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"},
        Suite{TLS1_2_VERSION, "ECDHE-ECDSA-ARIA256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384"},
        Suite{TLS1_VERSION, "ECDHE-ECDSA-AES128-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"});
    CAPTURE(suite.offered);
    TlsClient client([&](SSL_CTX* context) {
        only_version(context, suite.version);
        SSL_CTX_set_cipher_list(context, (suite.offered + ":@SECLEVEL=0").c_str());
    });
    auto const server = server_with();
    talk(client, *server);
    REQUIRE(server->advance() == Progress::established);
    CHECK(server->handshake().negotiated->cipher_suite == suite.chosen);
    hand_over(*server, client.write("ping"));
    std::array<std::uint8_t, 100> buffer{};
    CHECK(server->read(buffer).bytes == 4);
}

TEST_CASE("an app whose key shares we cannot use is asked for another, and its first hello is the one kept") {
    // A share for a group that we do not have (0xfe30), and x25519 without one.
    auto const body = tests::ClientHelloBuilder{}
                          .session_id(Bytes(32, 7))
                          .suites({0x1301})
                          .groups({0xfe30, 0x001d})
                          .signature_algorithms({0x0403})
                          .versions({0x0304})
                          .key_shares({0xfe30})
                          .body();
    auto const size = static_cast<std::uint8_t>(body.size());
    REQUIRE(body.size() < 250);
    Bytes flight{22, 3, 1, 0, static_cast<std::uint8_t>(size + 4), 1, 0, 0, size};
    flight.insert(flight.end(), body.begin(), body.end());
    auto const server = server_with();
    hand_over(*server, flight);
    CHECK(server->advance() == Progress::handshaking);
    CHECK(server->phase() == Phase::server_hello);
    REQUIRE(server->handshake().negotiated);
    CHECK(server->handshake().negotiated->group == "x25519");
    CHECK(server->handshake().certificates.empty());
    CHECK(std::ranges::equal(server->hello_bytes(), flight));
    hand_over(*server, flight); // no answer to that
    REQUIRE(server->advance() == Progress::failed);
    CHECK(server->failure().by == By::local);
    CHECK(server->failure().phase == Phase::server_hello);
    CHECK(std::ranges::equal(server->hello_bytes(), flight));
}

namespace {

/// One visit, with an answer after which tickets have come. What the server said of it.
tls::Negotiated visit(std::shared_ptr<tls::engine::ClientContext const> const& client,
                      std::shared_ptr<ServerContext const> const& server,
                      std::shared_ptr<tls::engine::Identity const> const& identity = origin()) {
    auto options = for_origin();
    options.session_key = "origin";
    TlsPair pair{Connection::make_client(client, options), Connection::make_server(server, {identity, {}})};
    pair.run();
    REQUIRE(pair.client->advance() == Progress::established);
    REQUIRE(pair.server->advance() == Progress::established);
    TlsPair::write(*pair.server, "hello");
    pair.run();
    CHECK(pair.read_all(*pair.client) == "hello");
    CHECK(pair.server->handshake().certificates.empty() == pair.server->handshake().negotiated->resumed);
    CHECK(pair.server->handshake().negotiated == pair.client->handshake().negotiated);
    return *pair.server->handshake().negotiated;
}

} // namespace

TEST_CASE("an app that comes again resumes") {
    struct Kind {
        ProtocolVersion version;
        bool tickets;
    };

    auto const kind = GENERATE(Kind{ProtocolVersion::tls1_0, true}, Kind{ProtocolVersion::tls1_2, true},
                               Kind{ProtocolVersion::tls1_2, false}, Kind{ProtocolVersion::tls1_3, true});
    auto profile = profile_of(kind.version);
    profile.tickets = kind.tickets;
    auto const client = make_context(profile);
    auto const server = ServerContext::make();
    CHECK_FALSE(visit(client, server).resumed);
    for (int i = 0; i < 3; ++i)
        CHECK(visit(client, server).resumed);

    SECTION("not under another certificate") {
        auto const other = shown(make_identity({}, &world().authority));
        CHECK_FALSE(visit(client, server, other).resumed);
    }
    SECTION("not with another process") {
        CHECK_FALSE(visit(client, ServerContext::make()).resumed);
    }
}

TEST_CASE("any key can stand in an identity") {
    auto const key = GENERATE(KeyKind::ec_p256, KeyKind::rsa_2048, KeyKind::ed25519);
    auto const identity = shown(make_identity({.key = key}, &world().authority));
    CHECK_FALSE(
        visit(make_context(profile_of(ProtocolVersion::tls1_3)), ServerContext::make(), identity).resumed);
    CHECK_FALSE(
        visit(make_context(profile_of(ProtocolVersion::tls1_2)), ServerContext::make(), identity).resumed);
}

TEST_CASE("an identity that cannot be read is refused in one line") {
    auto const& good = world().origin;
    auto const refusal = [](std::string const& chain, std::string const& key) {
        auto const made = tls::engine::Identity::from_pem(chain, key);
        REQUIRE(made.has_error());
        CHECK(made.error().find('\n') == std::string::npos);
        return made.error();
    };
    auto const chain = good.certificate_pem(), key = good.key_pem();
    CHECK(refusal("", key).starts_with("no certificate in PEM"));
    CHECK(refusal(chain.substr(0, chain.size() / 2), key).starts_with("no certificate in PEM"));
    CHECK(refusal(chain + "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", key)
              .starts_with("a certificate behind the first is damaged"));
    CHECK(refusal(chain, "").starts_with("no private key"));
    CHECK(refusal(chain, key.substr(0, key.size() / 2)).starts_with("no private key"));
    CHECK(refusal(chain, world().authority.key_pem()).starts_with("the key is not that of the certificate"));
}

TEST_CASE("a server without an identity fails, and says so") {
    auto const server = Connection::make_server(ServerContext::make(), {});
    REQUIRE(server->advance() == Progress::failed);
    CHECK(server->failure().detail == "there is no certificate to show");
}

TEST_CASE("keys are logged, and what is kept of a handshake is dropped") {
    std::vector<std::string> lines;
    auto const context = ServerContext::make([&](std::string_view line) { lines.emplace_back(line); });
    auto pair = pair_of(profile_of(ProtocolVersion::tls1_3), server_with({"h2"}, context));
    pair.server->forget_handshake(); // too early: nothing happens
    pair.run();
    REQUIRE(pair.server->advance() == Progress::established);
    CHECK(lines.size() >= 4);
    CHECK_FALSE(pair.server->hello_bytes().empty());
    pair.server->forget_handshake();
    CHECK(pair.server->hello_bytes().empty());
    CHECK_FALSE(pair.server->handshake().offered);
    CHECK(pair.server->alpn() == "h2");
    TlsPair::write(*pair.client, "ping");
    pair.run();
    CHECK(pair.read_all(*pair.server) == "ping");
}

TEST_CASE("threads share one context and one identity") {
    auto const context = ServerContext::make();
    auto const client = make_context(profile_of(ProtocolVersion::tls1_3));
    std::atomic<int> established{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) {
                auto options = for_origin();
                options.session_key = "origin";
                TlsPair pair{Connection::make_client(client, options),
                             Connection::make_server(context, {origin(), {"h2"}})};
                pair.run();
                pair.read_all(*pair.client);
                if (pair.server->advance() == Progress::established) ++established;
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(established == 40);
}
