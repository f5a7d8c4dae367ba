#include "support/catch.hpp"
#include "tls/engine/server_scene.hpp"

#include <optional>

using namespace alert40;
using namespace alert40::test;
using tls::Alert;
using tls::AlertDescription;
using tls::AlertLevel;
using tls::By;
using tls::Direction;
using tls::FailureKind;
using tls::FlightFault;
using tls::engine::Progress;
using Place = FlightFault::Place;

namespace {

std::shared_ptr<ServerContext const> own_context(tls::ServerLimits const& limits = {}) {
    auto made = ServerContext::make({}, limits);
    if (!made) throw std::runtime_error(made.error());
    return *made;
}

TlsPair visit(tls::Profile const& profile, FlightFault fault, tls::ServerLimits const& limits = {}) {
    TlsPair pair{
        Connection::make_client(make_context(profile), for_origin()),
        Connection::make_server(own_context(limits), {.identity = origin(), .fault = std::move(fault)})};
    pair.run();
    return pair;
}

FlightFault alert_at(Place place, AlertDescription description, AlertLevel level = AlertLevel::fatal) {
    return {.alert = Alert{level, description, Direction::sent}, .place = place};
}

tls::Profile only(ProtocolVersion version) {
    auto profile = profile_of(version);
    profile.max_version = version;
    return profile;
}

tls::Profile from_to(ProtocolVersion lowest, ProtocolVersion highest) {
    auto profile = profile_of(lowest);
    profile.max_version = highest;
    return profile;
}

} // namespace

TEST_CASE("an alert of any number comes after ServerHello, or for the certificate, in TLS 1.2 and 1.3") {
    auto const version = GENERATE(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3);
    auto const place = GENERATE(Place::after_server_hello, Place::for_certificate);
    auto const number = GENERATE(40, 49, 200);
    CAPTURE(version, place, number);
    auto const description = AlertDescription{static_cast<std::uint8_t>(number)};
    auto const pair = visit(only(version), alert_at(place, description));

    REQUIRE(pair.server->advance() == Progress::failed);
    auto const& told = pair.server->failure();
    CHECK(told.by == By::local);
    CHECK(told.kind == FailureKind::alert);
    CHECK(told.alert == Alert{AlertLevel::fatal, description, Direction::sent});
    CHECK(pair.server->handshake().certificates.empty());

    REQUIRE(pair.client->advance() == Progress::failed);
    auto const& heard = pair.client->failure();
    CHECK(heard.by == By::upstream);
    REQUIRE(heard.alert);
    CHECK(heard.alert->description == description);
    CHECK(heard.phase == tls::Phase::server_hello);
    CHECK(pair.client->handshake().negotiated->version == name_of(version));
}

TEST_CASE("an alert within encryption is made with each cipher that has an AEAD") {
    struct Row {
        ProtocolVersion version;
        std::string ciphers;
        std::vector<std::string> suites;
    };

    auto const row = GENERATE(Row{ProtocolVersion::tls1_3, "", {"TLS_AES_128_GCM_SHA256"}},
                              Row{ProtocolVersion::tls1_3, "", {"TLS_AES_256_GCM_SHA384"}},
                              Row{ProtocolVersion::tls1_3, "", {"TLS_CHACHA20_POLY1305_SHA256"}},
                              Row{ProtocolVersion::tls1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", {}},
                              Row{ProtocolVersion::tls1_2, "ECDHE-ECDSA-AES256-GCM-SHA384", {}},
                              Row{ProtocolVersion::tls1_2, "ECDHE-ECDSA-CHACHA20-POLY1305", {}});
    CAPTURE(row.ciphers, row.suites);
    auto profile = only(row.version);
    if (!row.ciphers.empty()) profile.ciphers = row.ciphers;
    if (!row.suites.empty()) profile.cipher_suites = row.suites;
    TlsPair pair{Connection::make_client(make_context(profile), for_origin()),
                 Connection::make_server(own_context(), {.identity = origin()})};
    pair.run();
    REQUIRE(pair.client->advance() == Progress::established);
    REQUIRE(pair.server->advance() == Progress::established);
    pair.server->forget_handshake();
    REQUIRE(pair.server->send_last_alert(AlertLevel::fatal, AlertDescription::access_denied));
    pair.server->close(); // adds nothing
    pair.run();
    std::array<std::uint8_t, 16> bytes{};
    CHECK(pair.client->read(bytes).status == tls::engine::Status::failed);
    auto const& heard = pair.client->failure();
    CHECK(heard.by == By::upstream);
    REQUIRE(heard.alert);
    CHECK(heard.alert->description == AlertDescription::access_denied);
}

TEST_CASE("there is no alert within encryption without an AEAD, or without the secrets") {
    auto profile = only(ProtocolVersion::tls1_2);
    SECTION("CBC") {
        profile.ciphers = "ECDHE-ECDSA-AES128-SHA";
        profile.security_level = 0;
    }
    SECTION("TLS 1.3 of a context that keeps its secrets") {
        profile = only(ProtocolVersion::tls1_3);
    }
    auto const context = profile.ciphers == "ECDHE-ECDSA-AES128-SHA" ? own_context() : ServerContext::make();
    TlsPair pair{Connection::make_client(make_context(profile), for_origin()),
                 Connection::make_server(context, {.identity = origin()})};
    pair.run();
    REQUIRE(pair.server->advance() == Progress::established);
    CHECK_FALSE(pair.server->send_last_alert(AlertLevel::fatal, AlertDescription::access_denied));
    CHECK(pair.server->output().empty());
}

TEST_CASE("a warning after ServerHello goes by in TLS 1.2, and cannot be sent in 1.3") {
    auto const fault =
        alert_at(Place::after_server_hello, AlertDescription::unrecognized_name, AlertLevel::warning);
    auto const old = visit(only(ProtocolVersion::tls1_2), fault);
    CHECK(old.client->advance() == Progress::established);
    REQUIRE(old.client->handshake().alerts.size() == 1);
    CHECK(old.client->handshake().alerts[0] ==
          Alert{AlertLevel::warning, AlertDescription::unrecognized_name, Direction::received});

    auto const now = visit(only(ProtocolVersion::tls1_3), fault);
    REQUIRE(now.server->advance() == Progress::failed);
    CHECK(now.server->failure().kind == FailureKind::library);
}

TEST_CASE("a HelloRetryRequest is not taken for the answer") {
    auto profile = only(ProtocolVersion::tls1_3);
    profile.groups = {"x25519", "secp384r1"};
    auto const pair = visit(profile, alert_at(Place::for_certificate, AlertDescription::internal_error),
                            {.groups = {"secp384r1"}});
    REQUIRE(pair.client->advance() == Progress::failed);
    REQUIRE(pair.client->failure().alert);
    CHECK(pair.client->failure().alert->description == AlertDescription::internal_error);
    CHECK(pair.client->handshake().negotiated->group == "secp384r1");
}

TEST_CASE("the CertificateRequest stands before the certificate that does not come") {
    auto const pair = visit(only(ProtocolVersion::tls1_3),
                            alert_at(Place::for_certificate, AlertDescription::internal_error),
                            {.require_client_certificate = true});
    REQUIRE(pair.client->advance() == Progress::failed);
    REQUIRE(pair.client->failure().alert);
    CHECK(pair.client->failure().alert->description == AlertDescription::internal_error);
}

TEST_CASE("a client that insists on RFC 5746 refuses a server without it") {
    FlightFault const fault{.no_renegotiation_info = true};
    auto profile = from_to(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3);
    auto const pair = visit(profile, fault, {.no_secure_renegotiation = true});
    REQUIRE(pair.client->advance() == Progress::failed);
    CHECK(pair.client->failure().detail.find("lacks secure renegotiation") != std::string::npos);
    REQUIRE(pair.server->advance() == Progress::failed);
    REQUIRE(pair.server->failure().alert);
    CHECK(pair.server->failure().alert->description == AlertDescription::handshake_failure);
    CHECK(pair.server->failure().by == By::downstream);
}

TEST_CASE("records of a server are no larger than it is told") {
    auto client = Connection::make_client(make_context(only(ProtocolVersion::tls1_2)), for_origin());
    auto server = Connection::make_server(own_context(), {.identity = origin(), .largest_record = 512});
    client->advance();
    server->feed(client->output().data());
    server->advance();
    auto wire = server->output().data();
    std::size_t records = 0;
    while (wire.size() >= 5) {
        auto const size = static_cast<std::size_t>(wire[3] << 8 | wire[4]);
        CHECK(size <= 512);
        ++records;
        wire = wire.subspan(5 + size);
    }
    CHECK(records > 2);
}
