#include "support/catch.hpp"
#include "tls/engine/server_scene.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::engine::Progress;

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
