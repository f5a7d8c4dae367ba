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

TEST_CASE("every kind of key exchange, certificate and cipher works at the usual security level") {
    struct Row {
        int version;
        std::string ciphers, group;
        KeyKind key = KeyKind::ec_p256;
    };

    auto const row = GENERATE(Row{TLS1_3_VERSION, "", "x25519"}, Row{TLS1_3_VERSION, "", "secp521r1"},
                              Row{TLS1_3_VERSION, "", "x448"}, Row{TLS1_3_VERSION, "", "ffdhe2048"},
                              Row{TLS1_3_VERSION, "", "x25519", KeyKind::rsa_2048},
                              Row{TLS1_3_VERSION, "", "x25519", KeyKind::ed25519},
                              Row{TLS1_3_VERSION, "", "x25519", KeyKind::ed448},
                              Row{TLS1_2_VERSION, "", "x25519", KeyKind::ed25519},
                              Row{TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305", "x25519", KeyKind::rsa_2048},
                              Row{TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305", "x25519", KeyKind::rsa_pss},
                              Row{TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256", "secp256r1"},
                              Row{TLS1_2_VERSION, "ECDHE-ECDSA-AES256-SHA", "secp256r1"},
                              Row{TLS1_2_VERSION, "DHE-RSA-AES256-GCM-SHA384", "x25519", KeyKind::rsa_2048},
                              Row{TLS1_2_VERSION, "AES128-GCM-SHA256", "x25519", KeyKind::rsa_2048});
    CAPTURE(row.version, row.ciphers, row.group, static_cast<int>(row.key));
    TlsServer const server(make_identity({.key = row.key}, &world().authority), [&](SSL_CTX* context) {
        only_version(context, row.version);
        SSL_CTX_set_dh_auto(context, 1);
        SSL_CTX_set1_groups_list(context, row.group.c_str());
    });
    auto profile = trusting_profile();
    profile.ciphers = row.ciphers;
    profile.groups = {row.group};
    Conversation talk(make_context(profile), server);
    talk.run();
    REQUIRE(talk.progress() == Progress::established);
    CHECK(talk.client().handshake().certificates[0].key != "unknown");
    auto const& cipher = talk.client().handshake().negotiated->cipher_suite;
    if (row.version == TLS1_3_VERSION || cipher.find("_ECDHE_") != std::string::npos)
        CHECK(talk.client().handshake().negotiated->group == row.group);
    talk.server().write("pong");
    talk.run();
    CHECK(talk.read_all() == "pong");
}
