#include "origin_scene.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

namespace limits = alert40::proxy::limits;

TEST_CASE("a request is told in HTTP/2, and answered") {
    OriginScene scene;
    auto& asked = scene.ask("GET", true, [](proxy::RequestHead& head) {
        head.add("Accept", "*/*");
        head.add("Cookie", "a=1; b=2");
        head.add("Connection", "x");
        head.add("X-Secret", "s", true);
        head.trailers_accepted = true;
    });
    scene.settle();
    CHECK(scene.origin[1].heads.back() == H2Fields{{":method", "GET"},
                                                   {":scheme", "http"},
                                                   {":path", "/x?y"},
                                                   {":authority", "o.test"},
                                                   {"accept", "*/*"},
                                                   {"cookie", "a=1"},
                                                   {"cookie", "b=2"},
                                                   {"x-secret", "s"},
                                                   {"via", "1.1 alert40"},
                                                   {"te", "trailers"}});
    CHECK(scene.origin[1].ended);
    CHECK(scene.origin.remote_setting(NGHTTP2_SETTINGS_ENABLE_PUSH) == 0);

    scene.origin.head(1, {{":status", "103"}, {"link", "x"}});
    scene.origin.head(1, {{":status", "200"}, {"content-length", "4"}, {"server", "s"}});
    scene.origin.body(1, "body");
    scene.settle();
    CHECK(asked.interim == std::vector<std::uint16_t>{103});
    CHECK(asked.status == 200);
    CHECK(asked.length == proxy::BodyLength::known(4));
    CHECK(asked.fields == Pairs{{"server", "s"}, {"via", "2 alert40"}});
    CHECK(asked.body == "body");
    CHECK_FALSE(asked.ended);
    scene.origin.body(1, "", true);
    scene.settle();
    CHECK(asked.ended);
    CHECK(scene.connection->active() == 0);
}

TEST_CASE("a body goes out piece by piece, with its length where it is known, and trailers") {
    OriginScene scene;
    auto& known =
        scene.ask("POST", false, [](proxy::RequestHead& head) { head.body = proxy::BodyLength::known(3); });
    auto& stream = scene.ask("POST", false);
    known.send("abc");
    known.exchange->request_end({});
    stream.send("one");
    scene.settle();
    CHECK(scene.origin[1]["content-length"] == "3");
    CHECK(scene.origin[1].body == "abc");
    CHECK(scene.origin[1].ended);
    CHECK(scene.origin[3]["content-length"].empty());
    CHECK(scene.origin[3].body == "one");
    CHECK_FALSE(scene.origin[3].ended);
    stream.exchange->request_end({{"X-Sum", "7"}});
    scene.settle();
    CHECK(scene.origin[3]["x-sum"] == "7");
    CHECK(scene.origin[3].ended);
}

TEST_CASE("responses without a body, and trailers") {
    OriginScene scene;
    auto& head = scene.ask("HEAD");
    auto& not_modified = scene.ask();
    auto& grpc = scene.ask();
    scene.settle();
    scene.origin.head(1, {{":status", "200"}, {"content-length", "9"}}, true);
    scene.origin.head(3, {{":status", "304"}}, true);
    scene.origin.head(5, {{":status", "200"}});
    scene.origin.body(5, "message");
    scene.settle();
    scene.origin.trailers(5, {{"grpc-status", "0"}});
    scene.settle();
    CHECK(head.ended);
    CHECK(head.declared_length == 9u);
    CHECK(not_modified.ended);
    CHECK(not_modified.length == proxy::BodyLength::none());
    CHECK(grpc.body == "message");
    CHECK(grpc.trailers == Pairs{{"grpc-status", "0"}});
    CHECK(grpc.ended);
}

TEST_CASE("a response that is complete before the request takes the rest of the request back") {
    OriginScene scene;
    auto& asked = scene.ask("POST", false);
    asked.send("begun");
    scene.settle();
    scene.origin.head(1, {{":status", "413"}}, true);
    scene.settle();
    CHECK(asked.status == 413);
    CHECK(asked.ended);
    CHECK(scene.origin[1].reset == NGHTTP2_CANCEL);
    CHECK(scene.connection->active() == 0);
    asked.send("more that nobody reads");
    asked.exchange->request_end({});
    scene.settle();
    CHECK_FALSE(scene.is_closed);
}

TEST_CASE("a request that nobody waits for is cancelled") {
    OriginScene scene;
    SECTION("on its way") {
        scene.ask();
        scene.settle();
        scene.requests.clear();
        scene.settle();
        CHECK(scene.origin[1].reset == NGHTTP2_CANCEL);
    }
    SECTION("before it was sent: it never is, and its text may be gone") {
        scene.ask();
        scene.requests.clear();
        scene.settle();
        CHECK(scene.origin.opened().empty());
    }
    CHECK(scene.connection->active() == 0);
    CHECK(scene.failures.empty());
}

TEST_CASE("room is what the origin allows") {
    H2Peer::Options options;
    options.settings = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 2}};
    OriginScene scene(options);
    CHECK_FALSE(scene.connection->settled());
    CHECK(scene.connection->room() > 0); // the first request need not wait for SETTINGS
    scene.settle();
    CHECK(scene.connection->settled());
    CHECK(scene.room_news == 1);
    CHECK(scene.connection->room() == 2);
    scene.ask();
    scene.ask();
    CHECK(scene.connection->room() == 0);
    CHECK(scene.connection->active() == 2);
    scene.settle();
    scene.origin.head(1, {{":status", "204"}}, true);
    scene.settle();
    CHECK(scene.room_news == 2);
    CHECK(scene.connection->room() == 1);
}

TEST_CASE("an upgrade is an extended CONNECT where the origin allows it") {
    H2Peer::Options options;
    options.settings = {{NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1}};
    OriginScene scene(options);
    CHECK_FALSE(scene.connection->carries_upgrade());
    scene.settle();
    CHECK(scene.connection->carries_upgrade());

    auto& asked = scene.ask("GET", false, [](proxy::RequestHead& head) {
        head.body = proxy::BodyLength::none();
        head.protocol = "websocket";
        head.add("Sec-WebSocket-Key", "k");
        head.add("Sec-WebSocket-Version", "13");
    });
    scene.settle();
    CHECK(scene.origin[1].heads.back() == H2Fields{{":method", "CONNECT"},
                                                   {":protocol", "websocket"},
                                                   {":scheme", "http"},
                                                   {":path", "/x?y"},
                                                   {":authority", "o.test"},
                                                   {"sec-websocket-version", "13"},
                                                   {"via", "1.1 alert40"}});
    SECTION("granted: bytes both ways") {
        scene.origin.head(1, {{":status", "200"}, {"sec-websocket-protocol", "p"}});
        scene.settle();
        CHECK(asked.upgraded);
        CHECK(asked.protocol == "websocket");
        asked.send("ping");
        scene.origin.body(1, "pong");
        scene.settle();
        CHECK(scene.origin[1].body == "ping");
        CHECK(asked.body == "pong");
        asked.exchange->request_end({});
        scene.origin.body(1, "", true);
        scene.settle();
        CHECK(scene.origin[1].ended);
        CHECK(asked.ended);
    }
    SECTION("refused: an ordinary response") {
        scene.origin.head(1, {{":status", "403"}});
        scene.origin.body(1, "no", true);
        scene.settle();
        CHECK_FALSE(asked.upgraded);
        CHECK(asked.status == 403);
        CHECK(asked.body == "no");
        CHECK(asked.ended);
    }
    CHECK(scene.connection->active() == 0);
}

TEST_CASE("a download that nobody takes stops at the window, and goes on later") {
    OriginScene scene;
    auto& asked = scene.ask();
    auto& other = scene.ask();
    scene.settle();
    asked.full = true;
    scene.origin.head(1, {{":status", "200"}});
    scene.origin.body(1, std::string(3'000'000, 'x'), true);
    scene.settle();
    CHECK(asked.body.size() == NGHTTP2_INITIAL_WINDOW_SIZE);

    scene.origin.head(3, {{":status", "200"}});
    scene.origin.body(3, std::string(3'000'000, 'y'), true);
    scene.settle();
    CHECK(other.body.size() == 3'000'000);

    asked.full = false;
    asked.exchange->requester_drained();
    scene.settle();
    CHECK(asked.body.size() == 3'000'000);
    CHECK(asked.ended);
}

TEST_CASE("a window that is used grows") {
    OriginScene scene;
    scene.ask();
    scene.settle();
    scene.origin.head(1, {{":status", "200"}});
    scene.origin.body(1, std::string(20'000, 'x'));
    scene.settle();
    CHECK(scene.origin.window(1) > 900'000);
    CHECK(scene.origin.window_updates() == 1);
}

TEST_CASE("small responses cost no WINDOW_UPDATE") {
    OriginScene scene;
    for (int i = 0; i < 50; ++i) {
        scene.ask();
        scene.settle();
        scene.origin.head(2 * i + 1, {{":status", "200"}});
        scene.origin.body(2 * i + 1, "Hello, world\n", true);
        scene.settle();
    }
    CHECK(scene.origin.window_updates() == 0);
}

TEST_CASE("an upload that the origin does not take congests, and drains") {
    H2Peer::Options options;
    options.manual_windows = true;
    OriginScene scene(options);
    auto& asked = scene.ask("POST", false);
    std::string const piece(50'000, 'x');
    while (!asked.exchange->request_congested()) {
        asked.send(piece);
        scene.settle();
    }
    CHECK(scene.origin[1].body.size() == NGHTTP2_INITIAL_WINDOW_SIZE);
    CHECK(asked.drained == 1); // by being assigned
    for (std::size_t consumed = 0; consumed < scene.origin[1].body.size();) {
        auto const received = scene.origin[1].body.size();
        scene.origin.consume(1, received - consumed);
        consumed = received;
        scene.settle();
    }
    CHECK(asked.drained == 2);
    CHECK_FALSE(asked.exchange->request_congested());
}
