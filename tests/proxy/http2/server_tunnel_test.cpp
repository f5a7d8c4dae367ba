#include "app_scene.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

namespace {

H2Fields const websocket{{":method", "CONNECT"},     {":protocol", "websocket"},
                         {":scheme", "http"},        {":authority", "a.test"},
                         {":path", "/chat"},         {"sec-websocket-version", "13"},
                         {"origin", "http://a.test"}};

void grant(FakeResponder& origin) {
    auto& head = origin.head(
        101, {{"Upgrade", "websocket"}, {"Sec-WebSocket-Accept", "x"}, {"Sec-WebSocket-Protocol", "p"}});
    head.upgraded = true;
    head.body = proxy::BodyLength::none();
    origin.exchange->response(head, false);
}

} // namespace

TEST_CASE("extended CONNECT is offered, becomes an upgrade, and then carries bytes both ways") {
    AppScene scene;
    scene.settle();
    CHECK(scene.app.remote_setting(NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL) == 1);
    auto const id = scene.app.request(websocket, false);
    scene.settle();
    auto& origin = scene.origin[0];
    CHECK(origin.method == "GET");
    CHECK(origin.protocol == "websocket");
    CHECK(origin.path == "/chat");
    CHECK(origin.length == proxy::BodyLength::none());
    CHECK_FALSE(origin.ended);
    CHECK(origin.field("sec-websocket-version") == "13");

    grant(origin);
    scene.settle();
    CHECK(scene.app[id].heads.back() ==
          H2Fields{{":status", "200"}, {"sec-websocket-protocol", "p"}, {"via", "1.1 alert40"}});
    scene.app.body(id, "ping");
    origin.send("pong");
    scene.settle();
    CHECK(origin.body == "ping");
    CHECK(scene.app[id].body == "pong");
    scene.app.body(id, "", true);
    scene.settle();
    CHECK(origin.ended);
    CHECK_FALSE(scene.app[id].ended);
    origin.finish();
    scene.settle();
    CHECK(scene.app[id].ended);
}

TEST_CASE("what a client says into a tunnel that is not granted yet waits, in order") {
    AppScene scene;
    auto const id = scene.app.request(websocket, false);
    scene.app.body(id, "GET /evil HTTP/1.1\r\n\r\n");
    scene.settle();
    auto& origin = scene.origin[0];
    CHECK(origin.body.empty());

    SECTION("until it is granted") {
        grant(origin);
        scene.app.body(id, "more", true);
        scene.settle();
        CHECK(origin.body == "GET /evil HTTP/1.1\r\n\r\nmore");
        CHECK(origin.ended);
    }
    SECTION("and never arrives where it is refused") {
        origin.respond(403);
        scene.app.body(id, "more");
        scene.settle();
        origin.finish();
        scene.settle();
        CHECK(origin.body.empty());
        CHECK(scene.app[id][":status"] == "403");
        CHECK(scene.app[id].reset == NGHTTP2_NO_ERROR);
    }
}

TEST_CASE("an origin that ignores the upgrade does not seem to have granted it") {
    AppScene scene;
    auto const id = scene.app.request(websocket, false);
    scene.settle();
    scene.origin[0].respond(200);
    scene.settle();
    CHECK(scene.app[id][":status"] == "502");
}

TEST_CASE("CONNECT arrives with its target") {
    AppScene scene;
    scene.app.request({{":method", "CONNECT"}, {":authority", "b.test:443"}}, false);
    scene.settle();
    CHECK(scene.origin[0].method == "CONNECT");
    CHECK(scene.origin[0].authority == "b.test:443");
    CHECK(scene.origin[0].path.empty());
}
