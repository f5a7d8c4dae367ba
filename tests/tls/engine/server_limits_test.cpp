#include "support/catch.hpp"
#include "tls/engine/server_scene.hpp"

#include <optional>

using namespace alert40;
using namespace alert40::test;
using tls::AlertDescription;
using tls::By;
using tls::Direction;
using tls::ServerLimits;
using tls::engine::Progress;

namespace {

std::shared_ptr<ServerContext const> limited(ServerLimits const& limits) {
    auto made = ServerContext::make({}, limits);
    if (!made) throw std::runtime_error(made.error());
    return *made;
}

std::shared_ptr<tls::engine::Identity const> const& rsa_origin() {
    static auto const made = shown(make_identity({.key = KeyKind::rsa_2048}, &world().authority));
    return made;
}

TlsPair visit(tls::Profile const& profile, ServerLimits const& limits) {
    auto const context = limited(limits);
    TlsPair pair{Connection::make_client(make_context(profile), for_origin()),
                 Connection::make_server(context, {context->needs_rsa() ? rsa_origin() : origin(), {"h2"}})};
    pair.run();
    return pair;
}

/// In TLS 1.3 the client may be done before it hears of it.
void check_refused(TlsPair const& pair, AlertDescription description) {
    REQUIRE(pair.server->advance() == Progress::failed);
    CAPTURE(pair.server->failure().detail);
    REQUIRE(pair.server->failure().alert);
    CHECK(pair.server->failure().by == By::local);
    CHECK(pair.server->failure().alert->direction == Direction::sent);
    CHECK(pair.server->failure().alert->description == description);
}

void check_client_heard(TlsPair const& pair, AlertDescription description) {
    check_refused(pair, description);
    REQUIRE(pair.client->advance() == Progress::failed);
    REQUIRE(pair.client->failure().alert);
    CHECK(pair.client->failure().by == By::upstream);
    CHECK(pair.client->failure().alert->description == description);
}

tls::Profile from_to(ProtocolVersion lowest, ProtocolVersion highest) {
    auto profile = profile_of(lowest);
    profile.max_version = highest;
    profile.security_level = 0;
    return profile;
}

} // namespace

TEST_CASE("limited to versions, the server takes the highest that is left, or refuses with 70") {
    using enum ProtocolVersion;

    struct Row {
        std::vector<ProtocolVersion> spoken;
        ProtocolVersion lowest, highest; ///< that the client offers
        std::optional<std::string> agreed;
    };

    auto const row =
        GENERATE(Row{{tls1_2}, tls1_2, tls1_3, "1.2"}, Row{{tls1_3}, tls1_2, tls1_3, "1.3"},
                 Row{{tls1_2, tls1_0}, tls1_0, tls1_0, "1.0"}, Row{{tls1_3, tls1_1}, tls1_0, tls1_3, "1.3"},
                 Row{{tls1_2}, tls1_3, tls1_3, std::nullopt}, Row{{tls1_3}, tls1_0, tls1_2, std::nullopt},
                 Row{{tls1_3, tls1_2}, tls1_0, tls1_1, std::nullopt});
    CAPTURE(row.lowest, row.highest);
    auto const pair = visit(from_to(row.lowest, row.highest), {.versions = row.spoken});
    if (row.agreed) {
        REQUIRE(pair.client->advance() == Progress::established);
        CHECK(pair.client->handshake().negotiated->version == *row.agreed);
    } else {
        check_client_heard(pair, AlertDescription::protocol_version);
    }
}

TEST_CASE("a hole in the versions looks to the client like a downgrade") {
    auto const pair = visit(from_to(ProtocolVersion::tls1_0, ProtocolVersion::tls1_1),
                            {.versions = {ProtocolVersion::tls1_0, ProtocolVersion::tls1_2}});
    REQUIRE(pair.client->advance() == Progress::failed);
    CHECK(pair.client->failure().by == By::local);
    CHECK(pair.client->failure().alert->description == AlertDescription::illegal_parameter);
}

TEST_CASE("limited to what the client does not offer, the server refuses with 40") {
    auto const tls12 = profile_of(ProtocolVersion::tls1_2), tls13 = profile_of(ProtocolVersion::tls1_3);
    auto aes128 = tls13;
    aes128.cipher_suites = {"TLS_AES_128_GCM_SHA256"};
    auto const meeting = [](tls::Profile profile, std::string group) {
        profile.groups = {std::move(group)};
        return profile;
    };

    struct Row {
        tls::Profile offered;
        ServerLimits limits;
    };

    auto const row = GENERATE_COPY(
        Row{tls12, {.ciphers = "ECDHE-ECDSA-AES128-SHA"}}, Row{tls12, {.ciphers = "AES128-SHA"}},
        Row{aes128, {.cipher_suites = {"TLS_AES_256_GCM_SHA384"}}},
        Row{meeting(tls13, "x25519"), {.groups = {"secp384r1"}}},
        Row{meeting(tls12, "secp256r1"), {.groups = {"secp384r1", "x448"}}}, Row{tls12, {.dh_1024 = true}});
    check_client_heard(visit(row.offered, row.limits), AlertDescription::handshake_failure);
}

TEST_CASE("limited to what the client offers, the server agrees on that") {
    SECTION("ciphers up to TLS 1.2") {
        auto const pair =
            visit(profile_of(ProtocolVersion::tls1_2), {.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384"});
        REQUIRE(pair.client->advance() == Progress::established);
        CHECK(pair.client->handshake().negotiated->cipher_suite == "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    }
    SECTION("ciphers that go with RSA alone") {
        auto profile = from_to(ProtocolVersion::tls1_2, ProtocolVersion::tls1_2);
        profile.ciphers = "ALL";
        auto const pair = visit(profile, {.ciphers = "AES128-SHA"});
        REQUIRE(pair.client->advance() == Progress::established);
        CHECK(pair.client->handshake().negotiated->cipher_suite == "TLS_RSA_WITH_AES_128_CBC_SHA");
    }
    SECTION("suites of TLS 1.3") {
        auto const pair =
            visit(profile_of(ProtocolVersion::tls1_3), {.cipher_suites = {"TLS_CHACHA20_POLY1305_SHA256"}});
        REQUIRE(pair.client->advance() == Progress::established);
        CHECK(pair.client->handshake().negotiated->cipher_suite == "TLS_CHACHA20_POLY1305_SHA256");
    }
    SECTION("groups, with HelloRetryRequest where the client guessed another") {
        auto const version = GENERATE(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3);
        auto const pair = visit(profile_of(version), {.groups = {"secp384r1"}});
        REQUIRE(pair.client->advance() == Progress::established);
        CHECK(pair.client->handshake().negotiated->group == "secp384r1");
    }
}

TEST_CASE("a client without a certificate is refused, one with any is taken") {
    struct Row {
        ProtocolVersion version;
        AlertDescription alert;
    };

    auto const row = GENERATE(Row{ProtocolVersion::tls1_0, AlertDescription::handshake_failure},
                              Row{ProtocolVersion::tls1_2, AlertDescription::handshake_failure},
                              Row{ProtocolVersion::tls1_3, AlertDescription::certificate_required});
    auto profile = profile_of(row.version);
    ServerLimits const limits{.require_client_certificate = true};
    auto refused = visit(profile, limits);
    check_refused(refused, row.alert);
    CHECK(refused.server->failure().detail == "the app shows no certificate");
    refused.read_all(*refused.client);
    CHECK(refused.client->failure().alert->description == row.alert);

    auto const stranger = make_identity({.common_name = "somebody"});
    TemporaryFile const pem(stranger.certificate_pem() + stranger.key_pem());
    profile.client_certificate = tls::ClientCertificate{pem.path(), pem.path()};
    auto const taken = visit(profile, limits);
    CHECK(taken.client->advance() == Progress::established);
    CHECK(taken.server->advance() == Progress::established);
}

TEST_CASE("a server that forgets gives tickets, and makes a full handshake of each resumption") {
    struct Row {
        ProtocolVersion version;
        bool tickets;
    };

    auto const row = GENERATE(Row{ProtocolVersion::tls1_2, true}, Row{ProtocolVersion::tls1_2, false},
                              Row{ProtocolVersion::tls1_3, true});
    auto profile = profile_of(row.version);
    profile.tickets = row.tickets;
    auto const client = make_context(profile);
    auto const server = limited({.forgets_tickets = true});
    for (int i = 0; i < 3; ++i) {
        auto options = for_origin();
        options.session_key = "origin";
        TlsPair pair{Connection::make_client(client, options), server_with({"h2"}, server)};
        pair.run();
        pair.read_all(*pair.client); // tickets of TLS 1.3
        REQUIRE(pair.client->advance() == Progress::established);
        CHECK_FALSE(pair.client->handshake().negotiated->resumed);
        CHECK(pair.server->handshake().offered->resumption == (row.tickets && i > 0));
    }
}

TEST_CASE("1024 bits of DH are agreed with whoever takes them, and refused by the others") {
    auto profile = from_to(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3);
    profile.ciphers = "ALL";
    ServerLimits const limits{.dh_1024 = true};
    auto const taken = visit(profile, limits);
    REQUIRE(taken.client->advance() == Progress::established);
    CHECK(taken.client->handshake().negotiated->version == "1.2");
    CHECK(taken.client->handshake().negotiated->cipher_suite.starts_with("TLS_DHE_RSA_WITH_"));

    profile.security_level = 2;
    auto const refused = visit(profile, limits);
    REQUIRE(refused.client->advance() == Progress::failed);
    CHECK(refused.client->failure().by == By::local);
    CHECK(refused.client->failure().detail == "the server's DH key is too small for our security level");
    REQUIRE(refused.server->advance() == Progress::failed);
    CHECK(refused.server->failure().by == By::downstream);
    CHECK(refused.server->failure().alert->description == AlertDescription::handshake_failure);

    auto const one =
        visit(from_to(ProtocolVersion::tls1_2, ProtocolVersion::tls1_2), {.ciphers = "ALL", .dh_1024 = true});
    CHECK(one.server->advance() == Progress::failed); // strong_ciphers have no DHE
}

TEST_CASE("a fallback below the server's highest version is refused with 86") {
    auto options = for_origin();
    options.fallback_scsv = true;
    TlsPair pair{Connection::make_client(
                     make_context(from_to(ProtocolVersion::tls1_1, ProtocolVersion::tls1_1)), options),
                 server_with({}, limited({.versions = {ProtocolVersion::tls1_2, ProtocolVersion::tls1_1}}))};
    pair.run();
    check_client_heard(pair, AlertDescription::inappropriate_fallback);
}

TEST_CASE("no limits are a server that can do everything") {
    CHECK_FALSE(limited({})->needs_rsa());
    auto const row = GENERATE(from_range(versions()));
    CHECK(visit(profile_of(row.version), {}).client->advance() == Progress::established);
}

TEST_CASE("an RSA certificate is needed where no suite goes with ECDSA") {
    struct Row {
        ServerLimits limits;
        bool needs_rsa;
    };

    auto const row =
        GENERATE(Row{{.ciphers = "AES128-SHA"}, true}, Row{{.ciphers = "ECDHE-RSA-AES128-SHA"}, true},
                 Row{{.ciphers = "AES128-SHA:ECDHE-ECDSA-AES128-SHA"}, false}, Row{{.dh_1024 = true}, true},
                 Row{{.groups = {"x25519"}}, false});
    CHECK(limited(row.limits)->needs_rsa() == row.needs_rsa);
}

TEST_CASE("limits that this OpenSSL cannot do are refused in one line") {
    struct Row {
        ServerLimits limits;
        std::string error;
    };

    auto const row = GENERATE(
        Row{{.versions = {ProtocolVersion::ssl3}}, "versions: this build of OpenSSL cannot do ssl3"},
        Row{{.ciphers = "AES128-SHA:RC2"},
            "ciphers: \"RC2\" selects no cipher suite in this build of OpenSSL"},
        Row{{.cipher_suites = {"TLS_NO"}}, "cipher_suites: this build of OpenSSL does not know \"TLS_NO\""},
        Row{{.groups = {"x25519", "nothing"}}, "groups: this build of OpenSSL does not know \"nothing\""},
        Row{{.versions = {ProtocolVersion::tls1_3}, .dh_1024 = true},
            "dh_1024: TLS 1.3 has no group of 1024 bits"},
        Row{{.ciphers = "ECDHE+AESGCM", .dh_1024 = true}, "dh_1024: no cipher match"});
    auto const made = ServerContext::make({}, row.limits);
    REQUIRE(made.has_error());
    CHECK(made.error() == row.error);
}

TEST_CASE("ALPN without overlap is refused with 120 by a server that insists") {
    auto const version = GENERATE(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3);
    auto const visit = [&](std::vector<std::string> offered) {
        auto profile = profile_of(version);
        profile.alpn = std::move(offered);
        tls::engine::ServerOptions const options{
            .identity = origin(), .alpn = {"h2"}, .refuse_without_alpn_overlap = true};
        auto pair = pair_of(profile, Connection::make_server(ServerContext::make(), options));
        pair.run();
        return pair;
    };
    auto const refused = visit({"http/1.1", "h3"});
    check_client_heard(refused, AlertDescription::no_application_protocol);
    CHECK(refused.server->failure().detail == "the app offers no protocol that we have");
    CHECK(visit({"http/1.1", "h2"}).client->alpn() == "h2");
    CHECK(visit({}).client->advance() == Progress::established); // there is nothing to overlap with
}

TEST_CASE("a forced protocol is the answer to whatever is offered, and clients refuse it") {
    auto const version = GENERATE(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3);
    auto const visit = [&](std::vector<std::string> offered, std::string forced) {
        auto profile = profile_of(version);
        profile.alpn = std::move(offered);
        tls::engine::ServerOptions const options{
            .identity = origin(), .alpn = {"h2"}, .alpn_forced = std::move(forced)};
        auto pair = pair_of(profile, Connection::make_server(ServerContext::make(), options));
        pair.run();
        return pair;
    };
    CHECK(visit({"http/1.1", "h2"}, "http/1.1").client->alpn() == "http/1.1");
    auto const refused = visit({"http/1.1"}, "h2");
    REQUIRE(refused.client->advance() == Progress::failed);
    CHECK(refused.client->failure().kind == tls::FailureKind::alpn);
    CHECK(visit({}, "h2").client->alpn().empty()); // an answer nobody asked for cannot be made
    CHECK(visit({"h2"}, std::string(256, 'x')).server->failure().detail ==
          "a protocol's name has at most 255 bytes");
}
