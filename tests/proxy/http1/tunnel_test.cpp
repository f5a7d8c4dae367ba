#include "scene.hpp"

#include "proxy/http1/websocket_handshake.hpp"
#include "proxy/tunnel/raw_scene.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

namespace {

std::string const upgrade =
    "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
std::string const switching =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

} // namespace

TEST_CASE("a WebSocket passes from end to end, and each direction ends by itself") {
    Scene scene;
    scene.app_says(upgrade);
    CHECK(
        scene.origin().hear() ==
        "GET /chat HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\nvia: 1.1 alert40\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    scene.origin_says(switching + "welcome");
    CHECK(scene.app.hear() ==
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nvia: 1.1 alert40\r\n\r\nwelcome");
    scene.app_says("GET /not HTTP/1.1\r\n\r\n");
    CHECK(scene.origin().hear() == "GET /not HTTP/1.1\r\n\r\n");
    scene.app.finish();
    scene.settle();
    CHECK(scene.origin().ended);
    scene.origin_says("still here");
    CHECK(scene.app.hear() == "still here");
    scene.origin().finish();
    scene.settle();
    CHECK(scene.app.ended);
    CHECK(scene.origins[0]->is_closed);
    CHECK_FALSE(scene.origins[0]->failure);
}

TEST_CASE("what a client sends behind an upgrade waits for the switch") {
    Scene scene;
    scene.app_says(upgrade + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(scene.origin().hear().find("smuggled") == std::string::npos);
    SECTION("it is the tunnel's") {
        scene.origin_says(switching);
        CHECK(scene.origin().hear() == "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    SECTION("it is the next request") {
        scene.origin_says("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        CHECK(scene.app.hear().starts_with("HTTP/1.1 403 Forbidden\r\n"));
        CHECK(scene.origin().hear() == "GET /smuggled HTTP/1.1\r\nHost: a\r\nvia: 1.1 alert40\r\n\r\n");
    }
}

TEST_CASE("bytes for a tunnel are held by the client side until the origin has switched") {
    Scene scene;
    proxy::Exchange* asked = nullptr;

    struct H2Like final : proxy::Requester {
        void informational(proxy::ResponseHead&) override {}

        void response(proxy::ResponseHead& head, bool) override {
            status = head.status;
            upgraded = head.upgraded;
            accept = proxy::find(head.fields, proxy::FieldName::sec_websocket_accept) != nullptr;
        }

        std::span<std::uint8_t> body_space(std::size_t) override { return space; }

        void body_written(std::size_t n) override {
            body.append(reinterpret_cast<char const*>(space.data()), n);
        }

        void end(proxy::Fields const&) override { ended = true; }

        void abort(proxy::Abort) override { aborted = true; }

        bool congested() const override { return false; }

        void more_request_body() override {}

        std::vector<std::uint8_t> space = std::vector<std::uint8_t>(65536);
        std::string body;
        std::uint16_t status = 0;
        bool upgraded = false, accept = false, ended = false, aborted = false;
    } app;

    struct Dispatch final : proxy::Dispatcher {
        void dispatch(proxy::Exchange&) override {}

        void failed(proxy::Exchange& exchange, tls::Failure const&, bool) override {
            exchange.answer({.status = 502, .fields = {}, .body = {}, .trailers = {}});
        }

        void withdraw(proxy::Exchange&) override {}
    } dispatcher;

    // an origin's connection, by way of a request of no consequence
    scene.on_dispatch = nullptr;
    scene.app_says("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
    scene.origin_says("HTTP/1.1 204 No Content\r\n\r\n");
    scene.origin().hear();

    proxy::Exchange exchange(app, dispatcher, scene.entrance);
    asked = &exchange;
    asked->request().method = "GET";
    asked->request().authority = "a";
    asked->request().path = "/chat";
    asked->request().protocol = "websocket";
    exchange.start(false);
    exchange.assign(scene.origins[0]->connection->open(exchange));
    std::string const early = "early";
    exchange.request_body({reinterpret_cast<std::uint8_t const*>(early.data()), early.size()});
    scene.settle();
    auto const request = scene.origin().hear();
    CHECK(request.ends_with("\r\n\r\n"));
    auto const at = request.find("Sec-WebSocket-Key: ");
    REQUIRE(at != std::string::npos);
    auto const key = request.substr(at + 19, 24);

    SECTION("switched") {
        scene.origin_says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: " +
                          proxy::http1::websocket::accept_for(key) + "\r\n\r\nhi");
        CHECK(app.upgraded);
        CHECK_FALSE(app.accept);
        CHECK(app.body == "hi");
        CHECK(scene.origin().hear() == "early");
    }
    SECTION("refused") {
        scene.origin_says("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
        CHECK(app.status == 404);
        CHECK(app.ended);
        CHECK(scene.origin().hear().empty());
        CHECK(scene.origins[0]->connection->room() == 1);
    }
    SECTION("the wrong accept") {
        scene.origin_says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        CHECK(app.status == 502);
        CHECK(scene.origins[0]->is_closed);
        REQUIRE(scene.origins[0]->failure);
        CHECK(scene.origins[0]->failure->kind == tls::FailureKind::malformed);
    }
}

TEST_CASE("an upgrade answered by HTTP/2 gets the 101 that its key wants") {
    Scene scene;
    scene.on_dispatch = [](proxy::Exchange& exchange) {
        proxy::ResponseHead head;
        head.status = 200;
        head.upgraded = true;
        head.protocol = "websocket";
        exchange.response(head, false);
    };
    scene.app_says(upgrade);
    CHECK(scene.app.hear() ==
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "via: 1.1 alert40\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

TEST_CASE("an upgrade to h2c hands the request and the stream over") {
    Scene scene;
    scene.app_says("GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                   "HTTP2-Settings: AAMAAABk\r\nX: 1\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    REQUIRE(scene.upgraded);
    CHECK(scene.upgraded->settings == std::string("\0\3\0\0\0\x64", 6));
    CHECK(scene.upgraded->head.path == "/x");
    CHECK(scene.upgraded->head.authority == "a");
    REQUIRE(scene.upgraded->head.fields.size() == 1);
    CHECK(scene.upgraded->head.fields[0].name == "X");
    CHECK(scene.upgraded_rest == "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    CHECK(scene.app.hear() ==
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    CHECK(scene.origins.empty());
}

// ---- CONNECT

namespace {

std::string const connect_request = "CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n";
std::string const established = "HTTP/1.1 200 Connection established\r\n\r\n";

/// An app that has asked for a tunnel, to a target that is the test's.
struct Connecting {
    explicit Connecting(std::string_view behind = {}) {
        scene.on_dispatch = [this](proxy::Exchange& exchange) { asked = &exchange; };
        scene.app_says(connect_request + std::string{behind});
    }

    void grant() {
        target.exchange = asked;
        asked->assign(target);
        scene.settle();
    }

    FakeTarget target;
    Scene scene;
    proxy::Exchange* asked = nullptr;
};

} // namespace

TEST_CASE("CONNECT is a tunnel from 200 on, each direction with its own end") {
    Connecting app;
    REQUIRE(app.asked);
    CHECK(app.asked->request().method == "CONNECT");
    CHECK(app.asked->request().authority == "origin.test:443");
    CHECK(app.scene.app.hear().empty());
    app.grant();
    CHECK(app.scene.app.hear() == established);
    app.scene.app_says("GET /not HTTP/1.1\r\n\r\n");
    CHECK(app.target.hear() == "GET /not HTTP/1.1\r\n\r\n");
    app.scene.app.finish();
    app.scene.settle();
    CHECK(app.target.ended);
    app.asked->response_body(std::vector<std::uint8_t>{'b', 'y', 'e'});
    app.asked->response_end({});
    app.scene.settle();
    CHECK(app.scene.app.hear() == "bye");
    CHECK(app.scene.app.ended);
}

TEST_CASE("what comes behind a CONNECT waits for its answer") {
    Connecting app("early");
    CHECK(app.target.heard.empty());
    app.grant();
    CHECK(app.scene.app.hear() == established);
    CHECK(app.target.hear() == "early");
}

TEST_CASE("a CONNECT that is refused is a response like any other") {
    Connecting app;
    app.asked->answer({.status = 403, .fields = {}, .body = "no", .trailers = {}});
    app.scene.settle();
    auto const heard = app.scene.app.hear();
    CHECK(heard.starts_with("HTTP/1.1 403 "));
    CHECK(heard.ends_with("\r\n\r\nno"));
    CHECK_FALSE(app.scene.app.ended);
    app.asked = nullptr;
    app.scene.app_says(connect_request);
    CHECK(app.asked);
}

TEST_CASE("a CONNECT that is intercepted gives its stream away, with what came behind it") {
    std::string const hello("\x16\x03\x01\x00 hello", 10);
    auto const behind = GENERATE_COPY(std::string{}, hello);
    policy::Origin const target{"https", "origin.test", 443};
    Scene scene;
    scene.on_dispatch = [&](proxy::Exchange& exchange) { CHECK(exchange.give_stream(target)); };
    scene.app_says(connect_request + behind);
    CHECK(scene.app.hear() == established);
    CHECK(scene.intercepted == target);
    CHECK(scene.upgraded_rest == behind);
}

TEST_CASE("a tunnel is over when its app goes, or its target breaks") {
    Connecting app;
    SECTION("the app goes") {
        app.grant();
        app.scene.app.close();
        app.scene.settle();
        CHECK((app.target.ended || app.target.cancelled));
    }
    SECTION("its target breaks") {
        app.grant();
        app.asked->responder_failed(
            {tls::By::upstream, tls::Phase::after, tls::FailureKind::reset, std::nullopt, ""}, false);
        app.scene.settle();
        CHECK(app.scene.app_closed);
    }
}
