#include "support/catch.hpp"
#include "support/client_hello_builder.hpp"
#include "tls/engine/server_scene.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

using namespace alert40;
using namespace alert40::test;
using tls::By;
using tls::Phase;
using tls::engine::Progress;
using tls::engine::Status;

TEST_CASE("an app of any version is served, and described as it was heard") {
    auto const row = GENERATE(from_range(versions()));
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
