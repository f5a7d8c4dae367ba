#include "net/http2_get/get_session.hpp"

#include "support/catch.hpp"
#include "support/h2_server.hpp"

#include <map>
#include <string>
#include <vector>

using namespace alert40;
using net::GetSession;

namespace {

struct Heard {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    std::optional<std::uint32_t> closed;
};

/// A session, its server, and what the listener was told.
struct Client final : GetSession::Listener {
    explicit Client(test::H2Peer::Options options = {})
        : server(std::move(options)) {
        session.begin(out);
        pump();
    }

    void on_field(std::int32_t stream, std::string_view name, std::string_view value) override {
        heard[stream].fields.emplace_back(name, value);
    }

    void on_data(std::int32_t stream, std::span<std::uint8_t const> bytes) override {
        heard[stream].body.append(bytes.begin(), bytes.end());
    }

    void on_close(std::int32_t stream, std::uint32_t code) override { heard[stream].closed = code; }

    void on_goaway(std::uint32_t code) override { goaway = code; }

    void on_settings(std::optional<std::uint32_t> initial_window) override { window = initial_window; }

    void on_settings_acknowledged() override { acknowledged = true; }

    bool pump() {
        return server.pump(
            out, [this](std::span<std::uint8_t const> bytes) { return session.receive(bytes, out); });
    }

    std::int32_t get(std::string_view target) {
        auto const stream = session.get("example.com", target, std::array{accept}, out);
        REQUIRE(stream);
        pump();
        return *stream;
    }

    static constexpr GetSession::Field accept{"accept", "text/plain"};

    test::H2Server server;
    bytes::ByteQueue out;
    GetSession session{*this};
    std::map<std::int32_t, Heard> heard;
    std::optional<std::uint32_t> goaway;
    std::optional<std::uint32_t> window;
    bool acknowledged = false;
};

test::H2Fields const ok{{":status", "200"}};

} // namespace

TEST_CASE("what is asked for is a GET of https, with its fields behind the pseudo-header fields") {
    Client client;
    auto const stream = client.get("/a?b=c");
    CHECK((*client.server)[stream].heads.at(0) == test::H2Fields{{":method", "GET"},
                                                                 {":scheme", "https"},
                                                                 {":authority", "example.com"},
                                                                 {":path", "/a?b=c"},
                                                                 {"accept", "text/plain"}});
    CHECK((*client.server)[stream].ended);
}

TEST_CASE("a server may not push") {
    Client client;
    CHECK(client.server->remote_setting(NGHTTP2_SETTINGS_ENABLE_PUSH) == 0);
}

TEST_CASE("of SETTINGS the initial window is told, where it is in them, and that ours were acknowledged") {
    Client usual;
    CHECK(!usual.window);
    CHECK(usual.acknowledged);
    Client narrow({.settings = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 17}}});
    CHECK(narrow.window == 17U);
}

TEST_CASE("answers to several come in any order, trailers with them") {
    Client client;
    auto const first = client.get("/1");
    auto const second = client.get("/2");
    client.server->head(second, ok);
    client.server->body(second, "two", true);
    client.server->head(first, ok);
    client.server->body(first, "one");
    client.server->trailers(first, {{"checksum", "7"}});
    CHECK(client.pump());
    CHECK(client.heard[first].fields == test::H2Fields{{":status", "200"}, {"checksum", "7"}});
    CHECK(client.heard[first].body == "one");
    CHECK(client.heard[second].body == "two");
    CHECK(client.heard[first].closed == NGHTTP2_NO_ERROR);
    CHECK(client.heard[second].closed == NGHTTP2_NO_ERROR);
}

TEST_CASE("a body larger than every window comes whole") {
    Client client;
    auto const stream = client.get("/");
    client.server->head(stream, ok);
    client.server->body(stream, std::string(300'000, 'x'), true);
    CHECK(client.pump());
    CHECK(client.heard[stream].body.size() == 300'000);
    CHECK(client.heard[stream].closed == NGHTTP2_NO_ERROR);
}

TEST_CASE("either side can give a stream up, and the others go on") {
    Client client;
    auto const refused = client.get("/refused");
    auto const unwanted = client.get("/unwanted");
    auto const wanted = client.get("/wanted");
    client.server->reset(refused, NGHTTP2_REFUSED_STREAM);
    client.pump();
    CHECK(client.heard[refused].closed == NGHTTP2_REFUSED_STREAM);

    client.session.cancel(unwanted);
    client.server->head(wanted, ok, true);
    CHECK(client.pump());
    client.pump();
    CHECK((*client.server)[unwanted].reset == NGHTTP2_CANCEL);
    CHECK(client.heard[wanted].closed == NGHTTP2_NO_ERROR);
}

TEST_CASE("a server that goes away takes no more, and ends the session once nothing is open") {
    Client client;
    auto const stream = client.get("/");
    client.server->goaway(stream, NGHTTP2_NO_ERROR);
    CHECK(client.pump());
    CHECK(client.goaway == NGHTTP2_NO_ERROR);
    CHECK(!client.session.get("example.com", "/more", {}, client.out));
    client.server->head(stream, ok, true);
    CHECK_FALSE(client.pump());
    CHECK(client.heard[stream].closed == NGHTTP2_NO_ERROR);
}

TEST_CASE("what is not HTTP/2 ends the session") {
    Client client;
    client.server->raw("HTTP/1.1 400 Bad Request\r\n\r\n");
    CHECK_FALSE(client.pump());
    CHECK(client.heard.empty());
}
