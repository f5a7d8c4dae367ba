#include "support/catch.hpp"
#include "tls/engine/conversation.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::FailureKind;
using tls::engine::Progress;

namespace {

/// The refusal of a certificate: by us, with an alert of ours; the text is returned.
std::string refusal(Conversation& talk, tls::AlertDescription alert) {
    talk.run();
    REQUIRE(talk.progress() == Progress::failed);
    auto const& failure = talk.client().failure();
    CHECK(failure.by == tls::By::local);
    CHECK(failure.kind == FailureKind::verify);
    CHECK(failure.phase == tls::Phase::certificate);
    CHECK(failure.alert == tls::Alert{tls::AlertLevel::fatal, alert, tls::Direction::sent});
    CHECK(talk.client().handshake().certificates.size() >= 1);
    return failure.detail;
}

Progress outcome(tls::Profile const& profile, TlsServer const& server,
                 std::string const& name = "origin.test") {
    auto options = for_origin();
    options.target_name = name;
    Conversation talk(make_context(profile), server, options);
    talk.run();
    return talk.progress();
}

} // namespace

TEST_CASE("an expired certificate is refused, but not as of then, and not without verification") {
    using namespace std::chrono_literals;
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto const expired = make_identity({.not_before = -2h, .not_after = -1h}, &world().authority);
    TlsServer const server(expired, [&](SSL_CTX* context) { only_version(context, version); });
    auto profile = trusting_profile();
    Conversation talk(make_context(profile), server);
    CHECK(refusal(talk, tls::AlertDescription::certificate_expired)
              .starts_with("certificate has expired: CN=origin.test, on 20"));

    profile.verify.time = std::chrono::system_clock::now() - 90min;
    // The authority is younger than that: it is not valid then.
    Conversation too_early(make_context(profile), server);
    CHECK(refusal(too_early, tls::AlertDescription::bad_certificate)
              .starts_with("certificate is not yet valid: CN=Test CA"));
    auto const old_authority =
        make_identity({.common_name = "Old CA", .names = "", .not_before = -3h, .authority = true});
    TemporaryFile const old_ca(old_authority.certificate_pem());
    TlsServer const old_server(make_identity({.not_before = -2h, .not_after = -1h}, &old_authority));
    profile.verify.ca_file = old_ca.path();
    CHECK(outcome(profile, old_server) == Progress::established);

    profile = trusting_profile();
    profile.verify.mode = tls::Verify::Mode::none;
    CHECK(outcome(profile, server) == Progress::established);
}

TEST_CASE("an unknown issuer is refused") {
    TlsServer const server(make_identity({}));
    Conversation talk(make_context(trusting_profile()), server);
    CHECK(refusal(talk, tls::AlertDescription::unknown_ca) == "self-signed certificate: CN=origin.test");

    auto const stranger = make_authority("Stranger");
    auto leaf = make_identity({}, &stranger);
    leaf.issuer.reset(); // the chain is not sent
    TlsServer const other(leaf);
    Conversation second(make_context(trusting_profile()), other);
    CHECK(refusal(second, tls::AlertDescription::unknown_ca) ==
          "unable to get local issuer certificate: CN=origin.test, issued by CN=Stranger");
}

TEST_CASE("a server's own certificate as ca_file is enough") {
    auto const own = make_identity({});
    TemporaryFile const file(own.certificate_pem());
    auto profile = trusting_profile();
    profile.verify.ca_file = file.path();
    CHECK(outcome(profile, TlsServer(own)) == Progress::established);
}

TEST_CASE("the name counts") {
    TlsServer const server(make_identity(
        {.names = "DNS:origin.test,DNS:*.wild.test,IP:192.0.2.7,IP:2001:db8::7"}, &world().authority));
    auto profile = trusting_profile();
    CHECK(outcome(profile, server, "origin.test") == Progress::established);
    CHECK(outcome(profile, server, "ORIGIN.test.") == Progress::established);
    CHECK(outcome(profile, server, "a.wild.test") == Progress::established);
    CHECK(outcome(profile, server, "192.0.2.7") == Progress::established);
    CHECK(outcome(profile, server, "[2001:db8::7]") == Progress::established);
    CHECK(outcome(profile, server, "a.b.wild.test") == Progress::failed);
    CHECK(outcome(profile, server, "wild.test") == Progress::failed);
    CHECK(outcome(profile, server, "192.0.2.8") == Progress::failed);
    CHECK(outcome(profile, server, "") == Progress::failed);

    SECTION("the refusal tells both") {
        auto options = for_origin();
        options.target_name = "other.test";
        Conversation talk(make_context(profile), server, options);
        CHECK(refusal(talk, tls::AlertDescription::bad_certificate) ==
              "the certificate is not for other.test; it is for origin.test, *.wild.test, 192.0.2.7, "
              "2001:db8::7");
    }
    SECTION("the profile's names replace the target's, and an SNI override changes nothing") {
        profile.server_name = {tls::ServerName::Mode::fixed, "front.test"};
        CHECK(outcome(profile, server, "origin.test") == Progress::established);
        CHECK(outcome(profile, server, "front.test") == Progress::failed);
        profile.verify.names = {"else.test", "origin.test"};
        CHECK(outcome(profile, server, "front.test") == Progress::established);
        profile.verify.names = {"else.test"};
        CHECK(outcome(profile, server, "origin.test") == Progress::failed);
    }
    SECTION("a common name is no name (RFC 9525)") {
        TlsServer const nameless(make_identity({.names = ""}, &world().authority));
        Conversation talk(make_context(profile), nameless);
        CHECK(refusal(talk, tls::AlertDescription::bad_certificate) ==
              "the certificate is not for origin.test; it has no subjectAltName");
    }
}

TEST_CASE("a key below the security level is refused") {
    TlsServer const server(make_identity({.key = KeyKind::rsa_1024}, &world().authority));
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    REQUIRE(talk.progress() == Progress::failed);
    CHECK(talk.client().failure().by == tls::By::local);
    auto profile = trusting_profile();
    profile.security_level = 1;
    CHECK(outcome(profile, server) == Progress::established);
}

TEST_CASE("a chain that passed is not verified again for another name") {
    TlsServer const server(world().origin);
    auto const context = make_context(trusting_profile());
    auto const visit = [&](std::string const& name) {
        auto options = for_origin();
        options.target_name = name;
        Conversation talk(context, server, options);
        talk.run();
        CHECK(talk.client().handshake().certificates.size() == 2);
        return talk.progress();
    };
    CHECK(visit("origin.test") == Progress::established);
    CHECK(visit("other.test") == Progress::failed);
    CHECK(visit("origin.test") == Progress::established);
    CHECK(visit("other.test") == Progress::failed);
}

TEST_CASE("files that cannot be read are named") {
    auto profile = trusting_profile();
    std::string expected;
    SECTION("authorities") {
        profile.verify.ca_file = "/nowhere/ca.pem";
        expected = "verify.ca_file: cannot read certificates from \"/nowhere/ca.pem\"";
    }
    SECTION("certificate") {
        profile.client_certificate = {"/nowhere/client.pem", "/nowhere/client.key"};
        expected = "client_certificate.cert: cannot use \"/nowhere/client.pem\"";
    }
    SECTION("key") {
        profile.client_certificate = {world().ca.path(), "/nowhere/client.key"};
        expected = "client_certificate.key: cannot use \"/nowhere/client.key\"";
    }
    auto const made = tls::engine::ClientContext::make(profile);
    REQUIRE_FALSE(made);
    CHECK(made.error().starts_with(expected));
}
