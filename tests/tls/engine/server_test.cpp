#include "support/catch.hpp"
#include "support/tls_pair.hpp"
#include "tls/engine/conversation.hpp"
#include "tls/engine/identity.hpp"
#include "tls/engine/server_context.hpp"

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
