#include "support/catch.hpp"
#include "tls/engine/conversation.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::engine::Progress;

namespace {

/// What a client of this profile offers; nobody answers.
tls::Offered offered_by(tls::Profile const& profile,
                        tls::engine::ClientOptions const& options = for_origin()) {
    auto const client = tls::engine::Connection::make_client(make_context(profile), options);
    client->advance();
    return client->handshake().offered.value();
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("the hello offers what the profile says") {
    auto profile = trusting_profile();
    profile.alpn = {"http/1.1"};
    profile.ciphers = "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0";
    profile.cipher_suites = {"TLS_CHACHA20_POLY1305_SHA256"};
    profile.groups = {"secp384r1", "x25519"};
    profile.signature_algorithms = {"rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256"};
    auto const offered = offered_by(profile);
    CHECK(offered.versions == Names{"1.3", "1.2"});
    CHECK(offered.alpn == Names{"http/1.1"});
    CHECK(offered.cipher_suites == Names{"TLS_CHACHA20_POLY1305_SHA256",
                                         "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                         "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"});
    CHECK(offered.groups == Names{"secp384r1", "x25519"});
    CHECK(offered.signature_algorithms == Names{"rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256"});
    CHECK(offered.server_name == "origin.test");
    CHECK(offered.ja3.size() == 32);
    CHECK(offered.ja4.starts_with("t13d"));
    CHECK_FALSE(offered.scsv);
    CHECK_FALSE(offered.resumption);
}

TEST_CASE("the defaults are strong") {
    auto const offered = offered_by(trusting_profile());
    for (auto const& suite : offered.cipher_suites) {
        CAPTURE(suite);
        CHECK(suite.find("_CBC_") == std::string::npos);
        CHECK(suite.find("TLS_RSA_") == std::string::npos);
    }
    CHECK(offered.groups.front() == "x25519");
    CHECK(offered.alpn == Names{"h2", "http/1.1"});
}

TEST_CASE("every built-in profile makes a context and a hello") {
    for (auto profile : tls::built_in_profiles()) {
        CAPTURE(profile.name);
        profile.verify.ca_file = world().ca.path();
        auto const offered = offered_by(profile);
        CHECK(offered.alpn == profile.alpn);
        CHECK(offered.bytes > 0);
        if (profile.name == "small-hello") CHECK(offered.bytes < 400);
    }
}

TEST_CASE("the server name is the target's, another one, or none") {
    auto profile = trusting_profile();
    auto options = for_origin();
    SECTION("the target's, without its last dot") {
        options.target_name = "origin.test.";
        CHECK(offered_by(profile, options).server_name == "origin.test");
    }
    SECTION("an address is no name") {
        options.target_name = GENERATE("192.0.2.1", "::1", "[2001:db8::1]");
        CHECK(offered_by(profile, options).server_name == "");
    }
    SECTION("another") {
        profile.server_name = {tls::ServerName::Mode::fixed, "front.example"};
        CHECK(offered_by(profile, options).server_name == "front.example");
    }
    SECTION("none") {
        profile.server_name.mode = tls::ServerName::Mode::none;
        CHECK(offered_by(profile, options).server_name == "");
    }
}

TEST_CASE("what does not fit into a hello fails at once, and locally") {
    auto options = for_origin();
    SECTION("a name") {
        options.target_name = std::string(300, 'a');
    }
    SECTION("a protocol") {
        options.alpn = Names{std::string(256, 'a')};
    }
    SECTION("an empty protocol") {
        options.alpn = Names{""};
    }
    auto const client = tls::engine::Connection::make_client(make_context(trusting_profile()), options);
    CHECK(client->advance() == Progress::failed);
    CHECK(client->failure().by == tls::By::local);
    CHECK(client->failure().kind == tls::FailureKind::library);
    CHECK(client->output().empty());
}

TEST_CASE("ALPN for one connection replaces the profile's") {
    TlsServer const server(world().origin);
    auto options = for_origin();
    options.alpn = Names{"http/1.1"};
    Conversation talk(make_context(trusting_profile()), server, options);
    talk.run();
    CHECK(talk.client().alpn() == "http/1.1");
    CHECK(talk.client().handshake().offered->alpn == Names{"http/1.1"});

    options.alpn = Names{};
    Conversation silent(make_context(trusting_profile()), server, options);
    silent.run();
    CHECK(silent.progress() == Progress::established);
    CHECK(silent.client().alpn() == "");
    CHECK(silent.client().handshake().negotiated->alpn == "");
}

TEST_CASE("the bytes of the hello are kept as they leave") {
    auto const client = tls::engine::Connection::make_client(make_context(trusting_profile()), for_origin());
    client->advance();
    auto const hello = client->hello_bytes();
    CHECK(Bytes(hello.begin(), hello.end()) ==
          Bytes(client->output().data().begin(), client->output().data().end()));
    CHECK(client->handshake().offered->bytes == hello.size());
    CHECK(records_of(hello).size() == 1);
}

TEST_CASE("a hello is cut into two records, and the server accepts it") {
    auto profile = trusting_profile();
    profile.split_hello = {tls::SplitHello::Mode::record, 40};
    TlsServer const server(world().origin);
    Conversation talk(make_context(profile), server);
    talk.client().advance();
    auto const hello = talk.client().hello_bytes();
    auto const records = records_of(hello);
    REQUIRE(records.size() == 2);
    CHECK(records[0].size() == 45);
    CHECK(records[0][0] == 22);
    CHECK(records[1][0] == 22);
    CHECK(talk.client().handshake().offered->bytes == hello.size());
    talk.run();
    CHECK(talk.progress() == Progress::established);
}

TEST_CASE("a hello shorter than the cut stays whole") {
    auto profile = trusting_profile();
    profile.split_hello = {tls::SplitHello::Mode::record, 60000};
    auto const client = tls::engine::Connection::make_client(make_context(profile), for_origin());
    client->advance();
    CHECK(records_of(client->hello_bytes()).size() == 1);
}

TEST_CASE("a second hello, after HelloRetryRequest, leaves the record of the first") {
    auto profile = trusting_profile();
    profile.groups = {"x25519", "secp384r1"};
    TlsServer const server(world().origin,
                           [](SSL_CTX* context) { SSL_CTX_set1_groups_list(context, "P-384"); });
    Conversation talk(make_context(profile), server);
    talk.run();
    REQUIRE(talk.progress() == Progress::established);
    CHECK(talk.client().handshake().negotiated->group == "secp384r1");
    CHECK(talk.client().handshake().offered->groups == Names{"x25519", "secp384r1"});
}

TEST_CASE("the fallback SCSV is sent, and a server that speaks more answers 86") {
    auto profile = trusting_profile();
    profile.max_version = tls::ProtocolVersion::tls1_2;
    auto options = for_origin();
    options.fallback_scsv = true;
    TlsServer const server(world().origin);
    Conversation talk(make_context(profile), server, options);
    talk.run();
    REQUIRE(talk.progress() == Progress::failed);
    CHECK(talk.client().handshake().offered->scsv);
    CHECK(talk.client().failure().alert->description == tls::AlertDescription::inappropriate_fallback);
    CHECK(talk.client().failure().by == tls::By::upstream);

    TlsServer const old(world().origin, [](SSL_CTX* context) { only_version(context, TLS1_2_VERSION); });
    Conversation accepted(make_context(profile), old, options);
    accepted.run();
    CHECK(accepted.progress() == Progress::established);
}
