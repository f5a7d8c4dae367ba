#include "support/catch.hpp"
#include "tls/engine/conversation.hpp"

using namespace alert40;
using namespace alert40::test;
using tls::engine::Progress;
using tls::engine::Status;

namespace {

std::string some_text(std::size_t size) {
    std::string text(size, '\0');
    std::uint32_t state = 4040;
    for (auto& character : text) {
        state = state * 1664525 + 1013904223;
        character = static_cast<char>(state >> 24);
    }
    return text;
}

} // namespace

TEST_CASE("large transfers arrive whole, in pieces of any size") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    auto const piece = GENERATE(std::size_t{1000}, std::size_t{65536});
    TlsServer const server(world().origin, [&](SSL_CTX* context) { only_version(context, version); });
    Conversation talk(make_context(trusting_profile()), server);
    talk.client_gets_at_once = piece;
    talk.run();
    REQUIRE(talk.progress() == Progress::established);
    auto const text = some_text(500'000);
    auto const written = talk.client().write(bytes_of(text));
    CHECK(written.status == Status::ok);
    CHECK(written.bytes == text.size());
    talk.run();
    CHECK(talk.server().received() == text);
    talk.server().write(text);
    talk.run();
    CHECK(talk.client().has_buffered_input());
    CHECK(talk.read_all() == text);
    CHECK(talk.last == Status::want_input);
    CHECK_FALSE(talk.client().has_buffered_input());
}

TEST_CASE("one byte at a time is enough") {
    auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsServer const server(world().origin, [&](SSL_CTX* context) { only_version(context, version); });
    Conversation talk(make_context(trusting_profile()), server);
    talk.client_gets_at_once = 1;
    talk.run();
    REQUIRE(talk.progress() == Progress::established);
    talk.server().write("a few words");
    talk.run();
    CHECK(talk.read_all() == "a few words");
}

TEST_CASE("one read fills over several records") {
    TlsServer const server(world().origin);
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    for (auto const* part : {"one ", "two ", "three"})
        talk.server().write(part);
    talk.run();
    Bytes into(100);
    auto const got = talk.client().read(into);
    CHECK(got.status == Status::ok);
    CHECK(std::string(into.begin(), into.begin() + static_cast<std::ptrdiff_t>(got.bytes)) ==
          "one two three");
    CHECK(talk.client().read(into).status == Status::want_input);
}

TEST_CASE("plaintext that was not yet read shows as buffered") {
    TlsServer const server(world().origin);
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    talk.server().write("abcdef");
    talk.run();
    Bytes into(2);
    CHECK(talk.client().read(into).bytes == 2);
    CHECK(talk.client().has_buffered_input());
    CHECK(talk.read_all() == "cdef");
}

TEST_CASE("both sides close in order") {
    TlsServer const server(world().origin);
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    talk.server().write("last words");
    talk.server().close();
    talk.run();
    CHECK(talk.read_all() == "last words");
    CHECK(talk.last == Status::closed);
    talk.client().feed_eof();
    CHECK(talk.read_all().empty());
    CHECK(talk.last == Status::closed);
    talk.client().close();
    talk.run();
    CHECK(talk.server().was_closed());
}

TEST_CASE("a stream that ends without close_notify is told from one that was closed") {
    TlsServer const server(world().origin);
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    talk.server().write("half a");
    talk.run();
    talk.client().feed_eof();
    CHECK(talk.read_all() == "half a");
    CHECK(talk.last == Status::failed);
    CHECK(talk.client().failure().kind == tls::FailureKind::eof);
    CHECK(talk.client().failure().phase == tls::Phase::after);
    CHECK(talk.client().failure().by == tls::By::upstream);
}

TEST_CASE("a damaged record fails, after what came before it") {
    TlsServer const server(world().origin);
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    talk.server().write("good");
    talk.run();
    talk.server().write("damaged");
    talk.run([](Bytes flight) {
        if (!flight.empty()) flight.back() ^= 1;
        return flight;
    });
    CHECK(talk.read_all() == "good");
    CHECK(talk.last == Status::failed);
    CHECK(talk.client().failure().kind == tls::FailureKind::malformed);
    CHECK(talk.client().failure().alert ==
          tls::Alert{tls::AlertLevel::fatal, tls::AlertDescription::bad_record_mac, tls::Direction::sent});
    CHECK_FALSE(talk.client().output().empty());
    CHECK(talk.client().write(bytes_of("too late")).status == Status::failed);
}

TEST_CASE("a renegotiation is declined, and the connection lives on") {
    TlsServer const server(world().origin, [](SSL_CTX* context) { only_version(context, TLS1_2_VERSION); });
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    SSL_renegotiate(talk.server().ssl());
    SSL_do_handshake(talk.server().ssl());
    auto const request = talk.server().take_output();
    REQUIRE_FALSE(request.empty());
    talk.client().feed(request);
    CHECK(talk.read_all().empty());
    CHECK(talk.last == Status::want_input);
    CHECK(talk.progress() == Progress::established);
}

TEST_CASE("nothing is read or written before the handshake is through") {
    auto const client = tls::engine::Connection::make_client(make_context(trusting_profile()), for_origin());
    Bytes into(10);
    CHECK(client->read(into).status == Status::want_input);
    CHECK(client->write(bytes_of("early")).status == Status::want_input);
    CHECK(client->output().empty());
}

TEST_CASE("a forgotten handshake leaves a connection that works") {
    TlsServer const server(world().origin);
    Conversation talk(make_context(trusting_profile()), server);
    talk.run();
    talk.client().forget_handshake();
    CHECK(talk.client().handshake() == tls::Handshake{});
    CHECK(talk.client().hello_bytes().empty());
    CHECK(talk.client().alpn() == "h2");
    talk.server().write("still here");
    talk.run();
    CHECK(talk.read_all() == "still here");
    SSL_key_update(talk.server().ssl(), SSL_KEY_UPDATE_REQUESTED);
    talk.server().write("new keys");
    talk.run();
    CHECK(talk.read_all() == "new keys");
    talk.client().write(bytes_of("mine too"));
    talk.run();
    CHECK(talk.server().received() == "mine too");
}

TEST_CASE("the key log gets lines, and nobody else") {
    std::vector<std::string> lines;
    auto const context = tls::engine::ClientContext::make(
        trusting_profile(), [&](std::string_view line) { lines.emplace_back(line); });
    REQUIRE(context);
    TlsServer const server(world().origin);
    Conversation talk(*context, server);
    talk.run();
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.front().find("_SECRET ") != std::string::npos);
}
