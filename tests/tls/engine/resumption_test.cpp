#include "support/catch.hpp"
#include "tls/engine/conversation.hpp"

#include <thread>

using namespace alert40;
using namespace alert40::test;
using tls::engine::Progress;

namespace {

tls::engine::ClientOptions with_session(std::string key = "origin.test:443") {
    auto options = for_origin();
    options.session_key = std::move(key);
    return options;
}

/// One visit with a request and an answer, after which tickets have come.
std::unique_ptr<Conversation> visit(std::shared_ptr<tls::engine::ClientContext const> const& context,
                                    TlsServer const& server, tls::engine::ClientOptions const& options) {
    auto talk = std::make_unique<Conversation>(context, server, options);
    talk->run();
    if (talk->progress() == Progress::established) {
        talk->client().write(bytes_of("hello"));
        talk->run();
        talk->server().write("hello");
        talk->run();
        talk->read_all();
    }
    return talk;
}

bool resumed(Conversation& talk) {
    REQUIRE(talk.progress() == Progress::established);
    return talk.client().handshake().negotiated->resumed;
}

} // namespace

TEST_CASE("a session is resumed") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsServer const server(world().origin, [&](SSL_CTX* context) { only_version(context, version); });
    auto const context = make_context(trusting_profile());
    CHECK_FALSE(resumed(*visit(context, server, with_session())));
    for (int i = 0; i < 3; ++i) {
        auto const again = visit(context, server, with_session());
        CHECK(again->client().handshake().offered->resumption);
        CHECK(resumed(*again));
        CHECK(again->client().handshake().certificates.empty());
    }

    SECTION("not under another key") {
        CHECK_FALSE(resumed(*visit(context, server, with_session("other:443"))));
    }
    SECTION("not without a key") {
        CHECK_FALSE(resumed(*visit(context, server, for_origin())));
    }
    SECTION("not by another context") {
        CHECK_FALSE(resumed(*visit(make_context(trusting_profile()), server, with_session())));
    }
    SECTION("not when told so") {
        auto options = with_session();
        options.offer_resumption = false;
        auto const fresh = visit(context, server, options);
        CHECK_FALSE(resumed(*fresh));
        CHECK_FALSE(fresh->client().handshake().offered->resumption);
    }
}

TEST_CASE("a profile without resumption keeps nothing") {
    TlsServer const server(world().origin);
    auto profile = trusting_profile();
    profile.resumption = false;
    auto const context = make_context(profile);
    visit(context, server, with_session());
    CHECK_FALSE(visit(context, server, with_session())->client().handshake().offered->resumption);
}

TEST_CASE("a TLS 1.3 ticket is used once") {
    TlsServer const server(world().origin, [](SSL_CTX* context) { SSL_CTX_set_num_tickets(context, 1); });
    auto const context = make_context(trusting_profile());
    visit(context, server, with_session());
    // Two dials at once: one ticket.
    Conversation first(context, server, with_session());
    Conversation second(context, server, with_session());
    first.run();
    second.run();
    CHECK(resumed(first));
    CHECK_FALSE(resumed(second));
}

TEST_CASE("a session that failed is not offered again") {
    auto const context = make_context(trusting_profile());
    TlsServer const server(world().origin, [](SSL_CTX* it) { only_version(it, TLS1_2_VERSION); });
    visit(context, server, with_session());
    {
        auto const client = tls::engine::Connection::make_client(context, with_session());
        client->advance();
        CHECK(client->handshake().offered->resumption);
        Bytes const refusal{21, 3, 3, 0, 2, 2, 40};
        client->feed(refusal);
        CHECK(client->advance() == Progress::failed);
    }
    auto const next = visit(context, server, with_session());
    CHECK_FALSE(next->client().handshake().offered->resumption);
}

TEST_CASE("a hello that resumes has no fallback SCSV") {
    auto profile = trusting_profile();
    profile.max_version = tls::ProtocolVersion::tls1_2;
    auto const context = make_context(profile);
    TlsServer const server(world().origin);
    visit(context, server, with_session());
    auto options = with_session();
    options.fallback_scsv = true;
    auto const again = visit(context, server, options);
    CHECK(resumed(*again));
    CHECK_FALSE(again->client().handshake().offered->scsv);
}

TEST_CASE("threads share a context and its memories") {
    TlsServer const server(world().origin);
    auto const context = make_context(trusting_profile());
    std::atomic<int> established{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) {
                auto options = with_session("key" + std::to_string((t + i) % 3));
                Conversation talk(context, server, options);
                talk.run();
                talk.read_all();
                if (talk.progress() == Progress::established) ++established;
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(established == 40);
}
