#include "support/catch.hpp"
#include "tls/engine/conversation.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::engine::Connection;
using tls::engine::Progress;
using tls::engine::Status;

TEST_CASE("every version is spoken, and said") {
    struct Row {
        int version;
        tls::ProtocolVersion number;
        std::string name;
    };

    auto const row = GENERATE(Row{TLS1_VERSION, tls::ProtocolVersion::tls1_0, "1.0"},
                              Row{TLS1_1_VERSION, tls::ProtocolVersion::tls1_1, "1.1"},
                              Row{TLS1_2_VERSION, tls::ProtocolVersion::tls1_2, "1.2"},
                              Row{TLS1_3_VERSION, tls::ProtocolVersion::tls1_3, "1.3"});
    auto profile = trusting_profile();
    profile.min_version = tls::ProtocolVersion::tls1_0;
    profile.ciphers = "ALL";
    profile.security_level = 0;
    TlsServer const server(world().origin, [&](SSL_CTX* context) { only_version(context, row.version); });
    Conversation talk(make_context(profile), server);
    talk.run();
    REQUIRE(talk.progress() == Progress::established);

    auto const& handshake = talk.client().handshake();
    REQUIRE(handshake.negotiated);
    CHECK(handshake.negotiated->version == row.name);
    CHECK_FALSE(handshake.negotiated->group.empty());
    CHECK(handshake.negotiated->alpn == "h2");
    CHECK(handshake.negotiated->ja3s.size() == 32);
    CHECK_FALSE(handshake.negotiated->resumed);
    REQUIRE(handshake.certificates.size() == 2);
    CHECK(handshake.certificates[0].subject == "CN=origin.test");
    CHECK(handshake.certificates[0].issuer == "CN=Test CA");
    CHECK(handshake.certificates[0].names == std::vector<std::string>{"origin.test"});
    CHECK(handshake.certificates[0].key == "EC P-256");
    CHECK(handshake.certificates[0].signature == "ecdsa-with-SHA256");
    CHECK(talk.client().alpn() == "h2");

    talk.client().write(bytes_of("ping"));
    talk.run();
    CHECK(talk.server().received() == "ping");
    talk.server().write("pong");
    talk.run();
    CHECK(talk.read_all() == "pong");
    CHECK(talk.last == Status::want_input);
}
