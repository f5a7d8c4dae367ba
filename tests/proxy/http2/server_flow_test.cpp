#include "app_scene.hpp"
#include "proxy/message/limits.hpp"
#include "support/catch.hpp"

using namespace alert40;
using namespace alert40::test;

namespace limits = alert40::proxy::limits;

TEST_CASE("an upload that the origin does not take stops at the window, and goes on later") {
    AppScene scene;
    scene.origin.full = true;
    auto const id = scene.post();
    std::string const body(300'000, 'x');
    scene.app.body(id, body, true);
    scene.settle();
    auto& origin = scene.origin[0];
    CHECK(origin.body.size() == NGHTTP2_INITIAL_WINDOW_SIZE);
    CHECK(scene.app.window(id) == 0);

    origin.full = false;
    origin.exchange->responder_drained();
    scene.settle();
    CHECK(origin.body.size() == body.size());
    CHECK(origin.ended);
}

TEST_CASE("an upload that nobody takes does not stall the others") {
    AppScene scene;
    scene.origin.full = true;
    for (int i = 0; i < 40; ++i)
        scene.app.body(scene.post(), std::string(100'000, 'x'));
    scene.settle();
    scene.origin.full = false;
    auto const id = scene.post();
    scene.app.body(id, std::string(20'000'000, 'y'), true);
    scene.settle();
    CHECK(scene.origin[40].body.size() == 20'000'000);
    CHECK(scene.origin[40].ended);
}

TEST_CASE("what closed streams still held is given back to the connection") {
    AppScene scene;
    scene.origin.full = true;
    auto const streams =
        limits::connection_window / NGHTTP2_INITIAL_WINDOW_SIZE + 10; // more than the connection allows
    for (std::uint32_t i = 0; i < streams; ++i) {
        auto const id = scene.post();
        scene.app.body(id, std::string(NGHTTP2_INITIAL_WINDOW_SIZE, 'x'));
        scene.settle();
        REQUIRE(scene.origin[i].body.size() == NGHTTP2_INITIAL_WINDOW_SIZE);
        scene.origin[i].respond(413, {}, true);
        scene.settle();
        REQUIRE(scene.app[id].reset == NGHTTP2_NO_ERROR);
    }
}

TEST_CASE("a client that does not open its window congests its stream alone") {
    H2Peer::Options options;
    options.manual_windows = true;
    AppScene scene(options);
    auto const slow = scene.get();
    scene.origin[0].respond(200);
    std::string const piece(60'000, 'x');
    std::size_t sent = 0;
    while (!scene.origin[0].exchange->response_congested()) {
        scene.origin[0].send(piece);
        sent += piece.size();
        scene.settle();
    }
    CHECK(sent <= limits::high_water + NGHTTP2_INITIAL_WINDOW_SIZE + piece.size());
    CHECK(scene.app[slow].body.size() == NGHTTP2_INITIAL_WINDOW_SIZE);
    CHECK(scene.origin[0].drained == 0);

    scene.app.consume(slow, NGHTTP2_INITIAL_WINDOW_SIZE); // the connection's window too
    scene.settle();
    auto const quick = scene.get();
    scene.origin[1].respond(200);
    scene.origin[1].send("I am through");
    scene.origin[1].finish();
    scene.settle();
    CHECK(scene.app[quick].ended ==
          false); // the client's window for the connection is shut, by its own choice

    while (scene.app[slow].body.size() < sent) {
        scene.app.consume(slow, NGHTTP2_INITIAL_WINDOW_SIZE / 2 + 1);
        scene.settle();
    }
    CHECK(scene.origin[0].drained == 1);
    CHECK(scene.app[quick].body == "I am through");
}

TEST_CASE("a client that takes nothing at all is written to up to the mark, and dropped in the end") {
    H2Peer::Options options;
    options.settings = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0x7fffffff}};
    AppScene scene(options);
    std::vector<std::int32_t> ids;
    for (int i = 0; i < 20; ++i)
        ids.push_back(scene.get());
    scene.app.stop_reading(true);
    std::size_t held = 0;
    for (int round = 0; round < 20; ++round)
        for (std::size_t i = 0; i < ids.size(); ++i) {
            auto& origin = scene.origin[i];
            if (round == 0) origin.respond(200);
            if (origin.exchange->response_congested()) continue;
            origin.send(std::string(65'000, 'x'));
            held += 65'000;
            scene.settle();
        }
    // the connection's mark, what each stream keeps beyond it, the output and the kernel's buffer
    CHECK(held < limits::connection_output + 20 * (65'000 + limits::low_water) + 4 * limits::high_water);
    scene.time_passes(limits::stalled_output);
    scene.time_passes(limits::stalled_output);
    CHECK(scene.origin[0].cancelled);
    CHECK(scene.is_closed);
}

TEST_CASE("streams share the connection") {
    AppScene scene;
    auto const bulk = scene.get();
    auto const small = scene.get();
    scene.app.stop_reading(true);
    scene.origin[0].respond(200);
    scene.origin[0].send(std::string(200'000, 'x'));
    scene.origin[1].respond(200);
    scene.origin[1].send("small");
    scene.origin[1].finish();
    scene.app.stop_reading(false);
    // 64 KiB are all that the client's window lets through
    scene.stage.turn();
    scene.stage.turn();
    scene.app.pump();
    CHECK(scene.app[small].ended);
    CHECK(scene.app[bulk].body.size() <= NGHTTP2_INITIAL_WINDOW_SIZE);
}
